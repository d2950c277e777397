import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startSimulator, type Simulator } from '../simulator/server.ts';
import { canRunAct } from './act.ts';
import { Campaign } from './campaign.ts';
import { pythonBin, pythonInstalled } from './python.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const example = join(root, 'examples/python-candidate');
const workflowFile = '.github/workflows/model-factory.yml';
const config = readFileSync(join(example, 'model-factory.yml'), 'utf8');

/** The example's workflow where Python and the packages are at hand already. */
function offline(workflow: string): string {
  const packages = ['onnxruntime-node', 'onnxruntime-common'].map((name) => join(root, 'node_modules', name));
  return workflow
    .replaceAll(/- uses: actions\/setup-python@.*\n.*\n/g, `- run: echo "${pythonBin}" >> "$GITHUB_PATH"\n`)
    .replaceAll(/ +- run: pip install .*\n/g, '')
    .replaceAll(/npm install .*/g, `mkdir -p node_modules && ln -s ${packages.join(' ')} node_modules/`);
}

(canRunAct() && pythonInstalled ? describe : describe.skip)('the workflow of the Python example', () => {
  let simulator: Simulator;
  let campaign: Campaign;
  beforeAll(async () => {
    simulator = await startSimulator();
    campaign = await Campaign.create(simulator, 'python', example);
  });
  afterAll(async () => {
    await campaign.project.remove();
    await simulator.close();
  });

  it('releases a first model, and refuses programs of a pull request beside a token that can write', async () => {
    const workflow = offline(readFileSync(join(example, workflowFile), 'utf8'));
    const quick = config.replace('C: [0.1, 1]', 'C: [1]').replace(/ {2}forest:[^]*?(?=card:)/, '');
    const pushed = await campaign.commitToMain('Begin', {
      [workflowFile]: workflow,
      'model-factory.yml': quick,
    });
    expect([pushed.exitCode, pushed.exitCode === 0 ? [] : pushed.log.slice(-40)]).toEqual([0, []]);
    expect(pushed.outputs.factory).toMatchObject({ conclusion: 'promote', version: 'v1.0.0' });
    const change = { 'model-factory.yml': quick.replace('C: [1]', 'C: [2]') };
    // What a token may do is asked of the server's git, which is the simulator's.
    const environment = { GITHUB_SERVER_URL: simulator.url };
    const refused = await campaign.pullRequest(1, 'change', change, { environment });
    expect(refused.exitCode).not.toBe(0);
    expect(refused.log.join('\n')).toContain('COMMAND_REFUSED');
  }, 300_000);
});
