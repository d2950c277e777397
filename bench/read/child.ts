import { basename, dirname } from 'node:path';
import { loadConfig } from '../../src/config/load.ts';
import { catalogue } from '../../src/factory/catalogue.ts';
import { prepare } from '../../src/factory/prepare.ts';
import { readTableFile } from '../../src/factory/source/read.ts';

/** Reads a file, or makes it ready for training, and prints what that took. */
const [file = '', what] = process.argv.slice(2);
const before = process.resourceUsage();
let typedBytes = 0;
if (what === 'read') {
  const { table } = await readTableFile({ path: file, shown: file });
  for (const column of table.columns)
    typedBytes += column.kind === 'categorical' ? column.codes.byteLength : column.values.byteLength;
} else {
  const text = `version: 1\nmodel: bench\ndata: { source: ${basename(file)}, target: y }\n`;
  const { config } = loadConfig(text, 'model-factory.yml', catalogue);
  await prepare({ config, folder: dirname(file), epoch: null });
}
const after = process.resourceUsage();
const cpuMs = (after.userCPUTime + after.systemCPUTime - before.userCPUTime - before.systemCPUTime) / 1000;
console.log(JSON.stringify({ cpuMs, peakBytes: 1024 * (after.maxRSS - before.maxRSS), typedBytes }));
