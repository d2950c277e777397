import { spawnSync } from 'node:child_process';
import type { ChildOutcome, ChildRequest } from './child-process.ts';
import { reasonOf } from './files.ts';

const mostOutputBytes = 64 * 1024 * 1024;

/**
 * Runs a program while this thread waits, for callers that need its answer in the middle of a computation. At the
 * time limit the whole process group is ended.
 */
export function runChildSync(request: ChildRequest): ChildOutcome {
  const [program, ...args] = request.words;
  const ran = spawnSync(program, args, {
    cwd: request.folder,
    env: request.environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: request.timeLimitMs,
    killSignal: 'SIGKILL',
    maxBuffer: mostOutputBytes,
    // Node's types leave it out; it makes the program the head of a group, as `spawn` does.
    ...{ detached: true },
  });
  if (ran.pid > 0) {
    endRest(ran.pid);
    for (const output of [ran.stdout, ran.stderr])
      for (const line of output.toString().split(/\r?\n/)) if (line !== '') request.onLine(line);
  }
  const reason = ran.error ? (reasonOf(ran.error) ?? ran.error.message) : null;
  if (reason === 'ETIMEDOUT') return { kind: 'timed-out' };
  if (reason !== null) return { kind: 'not-started', reason };
  return ran.status === null
    ? { kind: 'killed', signal: ran.signal ?? '', asked: null }
    : { kind: 'ended', code: ran.status };
}

/** Ends what the program left running. */
function endRest(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing of the group is left.
  }
}
