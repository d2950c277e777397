import { fileURLToPath } from 'node:url';
import { runCli } from './bundle.ts';

process.exitCode = await runCli(
  process.argv.slice(2),
  fileURLToPath(new URL('./fit-worker.ts', import.meta.url)),
);
