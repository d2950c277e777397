import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { childEnvironment } from '../../../src/platform/child-environment.ts';
import { runChild } from '../../../src/platform/child-process.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'child-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs a line of sh and collects what it prints. */
async function shell(
  script: string,
  timeLimitMs = 60_000,
  own: Record<string, string> = {},
  mayLeaveRunning = false,
) {
  const lines: string[] = [];
  const environment = childEnvironment({ PATH: process.env.PATH }, [], own);
  const words = ['sh', '-c', script] as const;
  const onLine = (line: string) => lines.push(line);
  const outcome = await runChild({ words, folder, environment, timeLimitMs, onLine, mayLeaveRunning });
  return { outcome, lines };
}

/** False for what has ended, asked about by its parent or not. */
async function isRunning(pid: number): Promise<boolean> {
  const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') Z ');
  return !state.includes(') Z ');
}

describe('runChild', () => {
  it('hands on the exit code and every line of both streams', async () => {
    const { outcome, lines } = await shell('echo one; echo two >&2; printf three; exit 3');
    expect(outcome).toEqual({ kind: 'ended', code: 3 });
    expect(lines.sort()).toEqual(['one', 'three', 'two']);
  });

  it('gives the program nothing but its environment and its folder', async () => {
    const { lines } = await shell('env; pwd', 60_000, { MODEL_NAME: 'churn' });
    expect(lines).toContain('MODEL_NAME=churn');
    expect(lines.at(-1)).toBe(folder);
    expect(lines.filter((line) => /^(NODE_|JEST_|npm_)/.test(line))).toEqual([]);
  });

  it('ends the whole group at the time limit', async () => {
    const { outcome } = await shell('sleep 300 & echo $! > pid; wait', 300);
    expect(outcome).toEqual({ kind: 'timed-out' });
    const pid = Number(await readFile(join(folder, 'pid'), 'utf8'));
    await wait(50);
    expect(await isRunning(pid)).toBe(false);
  });

  it('ends what hears no SIGTERM though its leader did, before it returns', async () => {
    const deaf = `(trap '' TERM; echo deaf > ready; exec sleep 300) &`;
    const script = `${deaf} echo $! > deaf; while [ ! -e ready ]; do sleep 0.01; done; wait`;
    const { outcome } = await shell(script, 500);
    expect(outcome).toEqual({ kind: 'timed-out' });
    const pid = Number(await readFile(join(folder, 'deaf'), 'utf8'));
    await wait(50);
    expect(await isRunning(pid)).toBe(false);
  }, 20_000);

  it('ends what a program leaves behind, unless it may stay', async () => {
    for (const stays of [false, true]) {
      const { outcome, lines } = await shell('sleep 30 & echo $!', 60_000, {}, stays);
      expect(outcome).toEqual({ kind: 'ended', code: 0 });
      await wait(50);
      expect(await isRunning(Number(lines[0]))).toBe(stays);
      if (stays) process.kill(Number(lines[0]));
    }
  });

  it('names why a program could not be started', async () => {
    const request = { folder, environment: {}, timeLimitMs: 1000, onLine: () => undefined };
    expect(await runChild({ ...request, words: ['./missing.sh'] })).toEqual({
      kind: 'not-started',
      reason: 'ENOENT',
    });
  });
});

describe('childEnvironment', () => {
  it('keeps tokens and inputs back even where they are asked for', () => {
    const from = {
      PATH: '/bin',
      LC_ALL: 'C',
      DEPLOY_KEY: 'k',
      OTHER: 'x',
      GITHUB_TOKEN: 't',
      GH_TOKEN: 't',
      ACTIONS_RUNTIME_TOKEN: 't',
      'INPUT_GITHUB-TOKEN': 't',
    };
    const asked = ['DEPLOY_KEY', 'GITHUB_TOKEN', 'GH_TOKEN', 'ACTIONS_RUNTIME_TOKEN', 'INPUT_GITHUB-TOKEN'];
    expect(childEnvironment(from, asked, { STAGE: 'prod' })).toEqual({
      PATH: '/bin',
      LC_ALL: 'C',
      DEPLOY_KEY: 'k',
      STAGE: 'prod',
    });
  });
});
