import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';

/** Time as the platform meets it; tests give one that doesn't wait. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Milliseconds that only ever grow: for durations. */
  monotonicMs(): number;
  sleep(ms: number): Promise<void>;
  /** Uniform in [0, 1), for the jitter of pauses. */
  random(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: async (ms) => {
    await wait(ms);
  },
  random: () => Math.random(),
};

/**
 * Pause before attempt `attempt` (1 = the first repetition): full jitter under a limit that doubles, at most 30 s.
 * Source: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
 */
export function backoffMs(attempt: number, random: number, baseMs = 1000): number {
  return Math.ceil(random * Math.min(30_000, baseMs * 2 ** attempt));
}
