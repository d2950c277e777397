import { expect, it } from '@jest/globals';
import { loadConfig } from '../../../src/config/load.ts';
import { resolveSettings, type Settings } from '../../../src/config/resolve.ts';
import type { Task } from '../../../src/contracts/task.ts';
import { catalogue } from '../../../src/factory/catalogue.ts';
import { idleDropNotices } from '../../../src/factory/idle-drop.ts';
import type { Dataset } from '../../../src/training/dataset.ts';

const rows = 100;
const dataset = (task: Task, classes: string[], y: (row: number) => number): Dataset => ({
  ...{ task, classes, y: Float64Array.from({ length: rows }, (_, row) => y(row)) },
  ...{ table: { rows, columns: [] }, inputs: [] },
});
const even = dataset('binary', ['no', 'yes'], (row) => row % 2);
const numbers = dataset('regression', [], (row) => (row % 2 === 0 ? -10 : 10));

function settings({ task, classes }: Dataset, gate: string): Settings {
  const text = `version: 1\nmodel: demo\ndata: { source: d.csv, target: y }\ngate: ${gate}\n`;
  const { config } = loadConfig(text, 'model-factory.yml', catalogue);
  return resolveSettings(config, { task, taskReason: '', classes, rows, rarerClassRows: 50 });
}

function noticesOf(of: Dataset, gate: string): string[] {
  const development = Int32Array.from({ length: rows }, (_, row) => row);
  return idleDropNotices({ settings: settings(of, gate), dataset: of, development }).map(
    ({ message }) => message,
  );
}

it.each([
  // Guessing an even chance has a log loss of ln 2 = 0.693.
  [even, '{ block: { max-drop: 2 } }', 'log loss become worse by 2, but guessing the average has only 0.69'],
  // The mean of -10 and 10 is 10 away from each.
  [numbers, '{ block: { max-drop: 10 } }', 'RMSE become worse by 10, but guessing the average has only 10'],
])('%#: says that such a drop stops next to nothing', (of, gate, said) => {
  expect(noticesOf(of, gate)).toEqual([expect.stringContaining(said)]);
});

it.each([
  [even, '{ block: { max-drop: 0.05 } }'],
  [even, '{}'],
  [even, '{ metric: accuracy, block: { max-drop: 0.5 } }'],
  [numbers, '{ block: { max-drop: 9.9 } }'],
])('is silent about one that can stop a worse model', (of, gate) => expect(noticesOf(of, gate)).toEqual([]));
