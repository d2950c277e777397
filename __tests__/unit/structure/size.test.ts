import { describe, expect, it } from '@jest/globals';
import { filesBelow, read } from './sources.ts';

const sources = ['src', 'scripts', 'bench'].flatMap(filesBelow).filter((file) => file.endsWith('.ts'));
const longest = 300;
const run = 6;

/** Lines that say something, with their numbers: no blanks, comments, lone punctuation or imports. */
function statements(text: string): { line: number; text: string }[] {
  const withoutImports = text.replaceAll(/^(import|export \{)[^;]*;$/gm, (found) =>
    found.replaceAll(/[^\n]/g, ''),
  );
  return withoutImports
    .split('\n')
    .map((content, index) => ({ line: index + 1, text: content.trim() }))
    .filter(({ text: content }) => /\w/.test(content) && !/^(\/\*\*|\*|\/\/)/.test(content));
}

describe('source files', () => {
  it('have at most 300 lines, or a reason in docs/architecture.md', () => {
    const architecture = read('docs/architecture.md');
    const long = sources.filter((file) => read(file).split('\n').length - 1 > longest);
    expect(long.filter((file) => !architecture.includes(`\`${file}\``))).toEqual([]);
  });

  it('repeat no six lines', () => {
    const first = new Map<string, string>();
    const repeated = new Set<string>();
    for (const file of sources) {
      const lines = statements(read(file));
      for (let i = 0; i + run <= lines.length; i++) {
        const key = lines
          .slice(i, i + run)
          .map(({ text }) => text)
          .join('\n');
        const place = `${file}:${lines[i]!.line}`;
        const known = first.get(key);
        if (known === undefined) first.set(key, place);
        else repeated.add(`${place} repeats ${known}`);
      }
    }
    expect([...repeated]).toEqual([]);
  });
});
