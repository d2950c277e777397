import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const measured = z.strictObject({
  status: z.int(),
  wallMs: z.number(),
  cpuMs: z.number(),
  peakBytes: z.number(),
  output: z.string(),
});

/** Wall time, processor time of all threads and children, peak memory, and the end of what a command printed. */
export type Measured = z.infer<typeof measured>;

/** Runs a command to its end. @throws Error with what it printed where it fails */
export function timed(command: readonly string[]): Measured {
  const script = fileURLToPath(new URL('timed.py', import.meta.url));
  const { stdout, stderr } = spawnSync('python3', [script, ...command], { encoding: 'utf8' });
  if (stdout === '') throw new Error(stderr);
  const found = measured.parse(JSON.parse(stdout));
  if (found.status !== 0) throw new Error(`${command.join(' ')} failed:\n${found.output}`);
  return found;
}
