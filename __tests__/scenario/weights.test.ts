import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readDocument } from '../../src/contracts/document.ts';
import { resultDocument } from '../../src/contracts/result.ts';
import { configuration, people, strong, Workspace } from './workspace.ts';

const timeout = 180_000;

/** A column that lets every row with a long working week count ten times. */
const weighed = `${people
  .trimEnd()
  .split('\n')
  .map((line, i) => `${line},${i === 0 ? 'weight' : Number(line.split(',').at(-2)) > 40 ? 10 : 1}`)
  .join('\n')}\n`;

const program = `
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
const { FACTORY_IN: from, FACTORY_OUT: to } = process.env;
const params = JSON.parse(readFileSync(join(from, 'params.json'), 'utf8'));
const [header, ...rows] = readFileSync(join(from, 'train.csv'), 'utf8').trimEnd().split('\\n').map((line) => line.split(','));
const [weight, target] = [header.indexOf(params.weight), header.indexOf(params.target)];
if (weight !== header.length - 2) throw new Error('no weight before the target');
let [yes, all] = [0, 0];
for (const row of rows) {
  all += Number(row[weight]);
  if (row[target] === params.positive) yes += Number(row[weight]);
}
const asked = readFileSync(join(from, 'test.csv'), 'utf8').trimEnd().split('\\n');
if (asked[0].includes('weight')) throw new Error('a weight beside rows to predict');
console.log('share ' + yes / all);
writeFileSync(join(to, 'predictions.csv'), ['<=50K,>50K', ...asked.slice(1).map(() => \`\${1 - yes / all},\${yes / all}\`)].join('\\n'));
`;

describe('rows that count for more', () => {
  let workspace: Workspace;

  const digest = (out: string): string | null =>
    readDocument(resultDocument, workspace.read(`${out}/results/linear.json`).toString(), 'linear.json')
      .modelSha256;

  beforeAll(() => {
    workspace = new Workspace();
    workspace.commit('Model', {
      'people.csv': weighed,
      'share.mjs': program,
      'model-factory.yml': configuration(strong).replace('target: income', 'target: income, drop: [weight]'),
    });
    expect(workspace.judge('--promote')).toMatchObject({ conclusion: 'promote' });
  }, timeout);

  afterAll(() => {
    workspace.remove();
  });

  it(
    'give another model with the same features, and the pull request says by what they count',
    () => {
      const before = digest('out');
      workspace.git('switch', '--quiet', '--create', 'change');
      workspace.commit('Weigh', {
        'model-factory.yml': configuration(strong).replace(
          'target: income',
          'target: income, weight: weight',
        ),
      });
      expect(workspace.judge('--base', 'main').reason).not.toBe('unchanged');
      expect(digest('out')).not.toBe(before);
      expect(workspace.read('out/report.md').toString()).toContain('Rows count in training by `weight`');
      workspace.run('run', '--out', 'threads', '--ledger', 'history', '--base', 'main', '--workers', '2');
      expect(digest('threads')).toBe(digest('out'));
    },
    timeout,
  );

  it(
    'are given to programs too',
    () => {
      workspace.write({
        'model-factory.yml': configuration('mine: { trainer: command, run: node share.mjs }').replace(
          'target: income',
          'target: income, weight: weight',
        ),
      });
      workspace.judge('--base', 'main');
      expect(workspace.read('out/logs/mine.log').toString()).toMatch(/share 0\.[23]/);
    },
    timeout,
  );
});
