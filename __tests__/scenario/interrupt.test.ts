import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, expect, it } from '@jest/globals';
import { configuration, people, program, Workspace } from './workspace.ts';

const workspace = new Workspace();
afterAll(() => workspace.remove());

const endless = `
import { writeFileSync } from 'node:fs';
writeFileSync('began', '');
setTimeout(() => undefined, 120_000);
`;

it('ends with the run that a person stops, and is not taken for a candidate that failed', async () => {
  const mine = ['mine:', '  trainer: command', '  run: node endless.mjs'].join('\n');
  workspace.commit('A program without end', {
    'people.csv': people,
    'endless.mjs': endless,
    'model-factory.yml': configuration(mine),
  });
  const arguments_ = [program, 'run', '--out', 'out', '--promote', '--ledger', './history', '--workers', '1'];
  const run = spawn(process.execPath, arguments_, { cwd: workspace.folder, stdio: 'ignore' });
  const ended = once(run, 'exit');
  while (!existsSync(workspace.path('began')) && run.exitCode === null) await wait(50);
  run.kill('SIGINT');
  expect(await ended).toEqual([null, 'SIGINT']);
  expect([workspace.files('out').includes('verdict.json'), workspace.files('history')]).toEqual([false, []]);
}, 60_000);
