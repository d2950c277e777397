import { readFileSync, writeFileSync } from 'node:fs';

const file = new URL('README.md', import.meta.url);

/** Puts lines between `<!-- name-start -->` and `<!-- name-end -->` of `bench/README.md`. */
export function fillTable(name: string, lines: readonly string[]): void {
  const text = readFileSync(file, 'utf8');
  const [start, end] = [`<!-- ${name}-start -->`, `<!-- ${name}-end -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`bench/README.md has no place for ${name}`);
  const dated = [`${new Date().toISOString().slice(0, 10)}.`, '', ...lines];
  writeFileSync(file, `${text.slice(0, from + start.length)}\n\n${dated.join('\n')}\n\n${text.slice(to)}`);
}
