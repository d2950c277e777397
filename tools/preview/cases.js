/** node cases.js OUT [name …]: pictures of the report of every kind of verdict, from the fixtures of its tests. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cases } from '../../__tests__/fixtures/report/cases.ts';
import { buildReport, renderReport } from '../../src/report/report.ts';
import { renderAll } from './render.js';

const [out = 'out', ...names] = process.argv.slice(2);
mkdirSync(out, { recursive: true });
const pages = Object.entries(cases)
  .filter(([name]) => names.length === 0 || names.includes(name))
  .map(([name, input]) => {
    const markdown = renderReport(buildReport(input));
    writeFileSync(join(out, `${name}.md`), markdown);
    return { markdown, file: join(out, `${name}.png`) };
  });
await renderAll(pages);
process.stdout.write(`${pages.length} pictures in ${out}\n`);
