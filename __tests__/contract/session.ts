import { GitHub, type GitHubOptions } from '../../src/platform/github/client.ts';
import type { Clock } from '../../src/platform/clock.ts';
import type { Logger } from '../../src/platform/logger.ts';
import type { Simulator } from '../simulator/server.ts';
import type { RepositoryState } from '../simulator/state.ts';

/** A clock that doesn't wait: it writes down how long it was asked to, and moves on by that. */
export interface TestClock extends Clock {
  readonly slept: number[];
}

export function testClock(startMs = Date.now()): TestClock {
  const slept: number[] = [];
  const passed = () => slept.reduce((sum, ms) => sum + ms, 0);
  return {
    slept,
    now: () => startMs + passed(),
    monotonicMs: passed,
    sleep: async (ms) => {
      slept.push(ms);
      await new Promise((resolve) => setImmediate(resolve));
    },
    random: () => 0.5,
  };
}

export interface RecordingLogger extends Logger {
  readonly lines: string[];
}

export function recordingLogger(): RecordingLogger {
  const lines: string[] = [];
  const add = (level: string) => (message: string) => {
    lines.push(`${level}: ${message}`);
  };
  return {
    lines,
    debug: add('debug'),
    info: add('info'),
    warning: add('warning'),
    error: add('error'),
    group: (_title, body) => body(),
  };
}

/** Our client against one repository of a simulator. */
export interface Session {
  readonly github: GitHub;
  readonly clock: TestClock;
  readonly logger: RecordingLogger;
  readonly repository: RepositoryState;
}

let repositories = 0;

/** A new client, on a repository of its own unless one is given. */
export function startSession(
  simulator: Simulator,
  options: Partial<GitHubOptions> = {},
  repository: RepositoryState = simulator.repository('octo', `lab-${++repositories}`),
): Session {
  const clock = testClock();
  const logger = recordingLogger();
  const github = new GitHub({
    token: 'ghs_write',
    owner: repository.owner,
    repo: repository.name,
    apiUrl: simulator.url,
    clock,
    logger,
    ...options,
  });
  return { github, clock, logger, repository };
}

/** Single failures that can meet any request: each is repaired by repeating, or by running again. */
export const singleFaults = [
  { name: 'an error 500', status: 500 },
  { name: 'a 502 with a page', status: 502, body: '<html>Bad gateway</html>' },
  {
    name: 'a secondary limit',
    status: 403,
    headers: { 'retry-after': '7' },
    body: { message: 'secondary rate limit' },
  },
  { name: 'a request that never arrives', drop: 'before' },
  { name: 'an answer that is lost', drop: 'after' },
  { name: 'an error after the work was done', status: 502, committed: true },
  { name: 'an answer that is cut', truncate: true },
  {
    name: 'a 200 that is not JSON',
    status: 200,
    committed: true,
    body: 'oops',
    headers: { 'content-type': 'application/json' },
  },
] as const;
