import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { reasonOf } from './files.ts';

export interface ChildRequest {
  /** Program and arguments; no shell sees them. */
  readonly words: readonly [string, ...string[]];
  /** Working directory; a relative program is looked for in it. */
  readonly folder: string;
  /** The whole environment: nothing else is handed on. */
  readonly environment: Readonly<Record<string, string>>;
  readonly timeLimitMs: number;
  /** Gets every line that the program prints, from both streams. */
  readonly onLine: (line: string) => void;
  /** What the program started and left behind goes on when it has ended by itself; else that is ended with it. */
  readonly mayLeaveRunning?: boolean;
}

export type ChildOutcome =
  | { readonly kind: 'ended'; readonly code: number }
  /** `asked` = the signal with which this process itself was told to end, and the program with it; else null. */
  | { readonly kind: 'killed'; readonly signal: string; readonly asked: NodeJS.Signals | null }
  | { readonly kind: 'timed-out' }
  /** The system could not start it; `reason` is its short word, such as `ENOENT`. */
  | { readonly kind: 'not-started'; readonly reason: string };

/** Time between asking a program to end and ending it. */
const graceMs = 5_000;
const pollMs = 50;
/** A program may leave another one behind that keeps its output open: it isn't waited for. */
const outputGraceMs = 1_000;

/**
 * Runs a program in a process group of its own and waits for its end. At the time limit, or when this process is told
 * to end, the whole group is ended: SIGTERM, five seconds later SIGKILL.
 */
export async function runChild(request: ChildRequest): Promise<ChildOutcome> {
  const { words, folder, environment, timeLimitMs, onLine } = request;
  const [program, ...args] = words;
  const child = spawn(program, args, {
    cwd: folder,
    env: environment,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream, crlfDelay: Infinity }).on('line', onLine);
  const closed = once(child, 'close').catch(() => undefined);
  const limit = { reached: false };
  const told: { asked: NodeJS.Signals | null } = { asked: null };
  const end = (signal: NodeJS.Signals): void => {
    told.asked = signal;
    endGroup(child);
  };
  const timer = setTimeout(() => {
    limit.reached = true;
    endGroup(child);
  }, timeLimitMs);
  process.on('SIGINT', end).on('SIGTERM', end);
  try {
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
    if (limit.reached || told.asked !== null) await endRest(child, graceMs);
    else if (request.mayLeaveRunning !== true) await endRest(child, 0);
    await Promise.race([closed, wait(outputGraceMs, undefined, { ref: false })]);
    const { asked } = told;
    if (limit.reached) return { kind: 'timed-out' };
    return code === null || asked !== null
      ? { kind: 'killed', signal: signal ?? asked ?? '', asked }
      : { kind: 'ended', code };
  } catch (error) {
    return { kind: 'not-started', reason: reasonOf(error) ?? String(error) };
  } finally {
    clearTimeout(timer);
    process.off('SIGINT', end).off('SIGTERM', end);
    child.stdout.destroy();
    child.stderr.destroy();
  }
}

function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  signalGroup(pid, 'SIGTERM');
  setTimeout(() => signalGroup(pid, 'SIGKILL'), graceMs).unref();
}

/** Ends what is left of the group of a program that has ended, after a time to end by itself. */
async function endRest({ pid }: ChildProcess, waitMs: number): Promise<void> {
  if (pid === undefined) return;
  for (let waited = 0; waited < waitMs && signalGroup(pid, 0); waited += pollMs) await wait(pollMs);
  signalGroup(pid, 'SIGKILL');
}

/** Whether the group still has a process. */
function signalGroup(pid: number, signal: 'SIGTERM' | 'SIGKILL' | 0): boolean {
  try {
    return process.kill(-pid, signal);
  } catch (error) {
    // ESRCH: all of them have ended. EPERM: macOS says so of those that have ended and nobody has asked about yet.
    if (!['ESRCH', 'EPERM'].includes(reasonOf(error) ?? '')) throw error;
    return false;
  }
}
