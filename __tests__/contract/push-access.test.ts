import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { mayPush } from '../../src/platform/github/push-access.ts';
import { startSimulator, type Simulator } from '../simulator/server.ts';
import { testClock } from './session.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
  simulator.repository('octo', 'penguins');
});
afterAll(() => simulator.close());

const ask = (token: string): Promise<boolean> =>
  mayPush({ token, serverUrl: simulator.url, owner: 'octo', repo: 'penguins', clock: testClock() });

it('tells a token that can write from one that can not, and writes nothing', async () => {
  expect(await ask('ghs_write')).toBe(true);
  expect(await ask('ghs_fork')).toBe(false);
  expect(await ask('ghs_unknown')).toBe(false);
  expect(simulator.log.every(({ method }) => method === 'GET')).toBe(true);
});

it('asks again when the server fails, and gives no answer of its own', async () => {
  simulator.fault({ op: 'git/receive-pack', status: 502, times: 1 });
  expect(await ask('ghs_fork')).toBe(false);
  simulator.fault({ op: 'git/receive-pack', status: 502, times: 4 });
  await expect(ask('ghs_fork')).rejects.toMatchObject({ code: 'GITHUB_UNAVAILABLE' });
});
