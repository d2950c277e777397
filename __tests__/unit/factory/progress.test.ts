import { describe, expect, it } from '@jest/globals';
import { progressLines } from '../../../src/factory/progress.ts';

describe('progress in the log of a job', () => {
  it('is one line each ten seconds at most, and one for each candidate', () => {
    const lines: string[] = [];
    let nowMs = 5000;
    const progress = progressLines(
      (line) => lines.push(line),
      () => nowMs,
    );
    for (let done = 1; done <= 8; done++) {
      nowMs += 4000;
      progress.update(done, 8, 'boosting');
      if (done === 5) progress.finished('linear', '');
    }
    progress.end();
    expect(lines).toEqual([
      '37%: 3 of 8 fits, about 20 s left',
      'trained linear',
      '75%: 6 of 8 fits, about 8 s left',
    ]);
  });
});
