import { describe, expect, it } from '@jest/globals';
import { checkData } from '../../../src/data/check.ts';
import { readCsv } from '../../../src/data/read-csv.ts';
import { inputsOf } from '../../../src/model/preprocessing.ts';
import { Random } from '../../../src/numeric/random.ts';
import { runFit } from '../../../src/training/fit.ts';

const width = 1000;
const rows = 300;

/** Numbers in 1,000 columns, of which the first decides. */
function wideCsv(): Uint8Array {
  const random = new Random(1);
  const header = Array.from({ length: width }, (_, j) => `c${j}`).join(',');
  const lines = Array.from({ length: rows }, () => {
    const cells = Array.from({ length: width }, () => random.normal().toFixed(3));
    return `${cells.join(',')},${Number(cells[0]) > 0 ? 'yes' : 'no'}`;
  });
  return new TextEncoder().encode(`${header},y\n${lines.join('\n')}\n`);
}

describe('a table of 1,000 columns', () => {
  it('is read, checked and learnt from', async () => {
    const { table } = await readCsv([wideCsv()], { file: 'wide.csv' });
    const checked = checkData(table, { file: 'wide.csv', target: 'y' });
    expect(checked.features).toHaveLength(width);
    const { task, classes, y } = checked;
    const dataset = { task, classes, table, inputs: inputsOf(table, checked.features), y };
    const train = Int32Array.from({ length: rows - 50 }, (_, row) => row);
    const test = Int32Array.from({ length: 50 }, (_, i) => rows - 50 + i);
    // Together the columns have more bins than 16 bits can count.
    for (const [trainer, params] of [
      ['gradient-boosting', { max_iter: 5 }],
      ['random-forest', { n_estimators: 5, max_features: 0.2 }],
      ['logistic-regression', {}],
    ] as const) {
      const { predictions } = runFit(dataset, { trainer, params, seed: 1, train, test });
      const hits = test.filter((row, i) => predictions[2 * i + 1]! > 0.5 === (y[row] === 1)).length;
      expect([trainer, hits >= 30]).toEqual([trainer, true]);
    }
  });
});
