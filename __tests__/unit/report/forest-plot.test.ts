import { describe, expect, it } from '@jest/globals';
import { forestPlot } from '../../../src/report/forest-plot.ts';

const difference = (label: string, estimate: number | null, lower: number | null, upper: number | null) => {
  return { label, estimate, lower, upper, caption: String(estimate) };
};

/** Columns of a character that stands in a line once, from the start of the chart. */
const columnOf = (line: string | undefined, character: string) => (line ?? '').indexOf(character);

describe('forestPlot', () => {
  it('draws estimates and bounds on either side of zero, and the limit', () => {
    const [axis, net, logistic] = forestPlot(
      [difference('net', 0.002, 0.001, 0.003), difference('logistic', -0.001, -0.002, -0.0005)],
      -0.0015,
    );
    const zero = columnOf(axis, '┼');
    // 49 columns from -0.002 to 0.003 are about 0.0001 each.
    expect(columnOf(axis, '◄')).toBe('logistic '.length);
    expect(zero - columnOf(axis, '▼')).toBe(14);
    expect(columnOf(net, '├') - zero).toBe(10);
    expect(columnOf(net, '●') - zero).toBe(19);
    expect(columnOf(net, '┤') - zero).toBe(29);
    expect(zero - columnOf(logistic, '├')).toBe(19);
    expect(zero - columnOf(logistic, '●')).toBe(9);
    expect(zero - columnOf(logistic, '┤')).toBe(5);
    expect([net?.endsWith('  0.002'), logistic?.endsWith('  -0.001')]).toEqual([true, true]);
  });

  it('lets a candidate that is far off not squeeze the others', () => {
    const lines = forestPlot([
      difference('a', 0.002, 0.001, 0.003),
      difference('b', 0.001, 0, 0.002),
      difference('dummy', -0.9, -1, -0.8),
    ]);
    expect(lines[3]).toMatch(/^dummy ◄ +│ +-0\.9$/);
    expect(columnOf(lines[1], '┤') - columnOf(lines[1], '├')).toBeGreaterThan(20);
  });

  it('leaves out the mark of a limit outside of the chart, and a chart of nothing', () => {
    expect(forestPlot([difference('a', 0.002, 0.001, 0.003)], -5).join('\n')).not.toContain('▼');
    expect(forestPlot([difference('a', null, null, null)])).toEqual([]);
  });

  it('draws numbers of any size, equal ones and missing bounds', () => {
    for (const lines of [
      forestPlot([difference('a', 1.7e308, -1.7e308, 1.7e308)]),
      forestPlot([difference('a', 0, 0, 0), difference('b', 5e-324, null, null)]),
      forestPlot([difference('a', -1, null, null), difference('b', null, 1, 2)]),
    ]) {
      const [axis = ''] = lines;
      expect(axis).toHaveLength('worse '.length + 49 + ' better'.length);
      expect(lines[1]).toContain('●');
    }
  });
});
