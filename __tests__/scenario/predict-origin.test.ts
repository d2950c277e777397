import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startSimulator, type Simulator } from '../simulator/server.ts';
import { conclusions, Lab } from './lab.ts';
import { configuration, people, program, strong, without } from './workspace.ts';

const timeout = 120_000;

describe('predict with the champion of the repository', () => {
  let simulator: Simulator;
  let lab: Lab;
  beforeAll(async () => {
    simulator = await startSimulator();
    lab = await Lab.create(simulator, 'champion');
    const files = { 'people.csv': people, 'model-factory.yml': configuration(strong) };
    expect(conclusions(await lab.toDefaultBranch(files))).toEqual([0, 'promote', 'first-run']);
    const address = simulator.url.replace('http://', 'http://x:ghs_write@');
    lab.git('remote', 'add', 'origin', `${address}/${lab.repository.fullName}.git`);
    await writeFile(
      join(lab.folder, 'some.csv'),
      without(`${people.split('\n', 11).join('\n')}\n`, 'income'),
    );
  }, timeout);
  afterAll(async () => {
    await lab.remove();
    await simulator.close();
  });

  const predict = (model: string, environment: Readonly<Record<string, string>>) =>
    promisify(execFile)(
      process.execPath,
      [program, 'predict', model, '--ledger', 'origin', '--data', 'some.csv'],
      {
        cwd: lab.folder,
        env: {
          PATH: process.env['PATH'],
          HOME: lab.home,
          GITHUB_API_URL: simulator.url,
          ...environment,
        },
      },
    );

  it("reads history and release from GitHub with the caller's token", async () => {
    const { stdout, stderr } = await predict('income', { GITHUB_TOKEN: 'ghs_write' });
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^prediction,p\(<=50K\),p\(>50K\)\n([<>]=?50K,[\d.e-]+,[\d.e-]+\n){10}$/);
    const version = await predict('income@v1.0.0', { GITHUB_TOKEN: 'ghs_write' });
    expect(version.stdout).toBe(stdout);
  });

  it('says which token is missing', async () => {
    await expect(predict('income', {})).rejects.toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('For a private repository set GITHUB_TOKEN'),
    });
  });
});
