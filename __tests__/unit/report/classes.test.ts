import { describe, expect, it } from '@jest/globals';
import { buildReport, renderReport, type ReportInput } from '../../../src/report/report.ts';
import { input, metrics, plan, result, standing, verdict } from '../../fixtures/report/builders.ts';
import { elementsOf, htmlOf, visibleText } from './gfm.ts';

const best = standing('forest', metrics(0.3, 0.8, 0.9, 0.1));

function reportOf(classes: string[], counts: number[][], baseline: number[][] | null = null): string {
  const of = verdict({
    winner: 'forest',
    standings: [best],
    confusion: baseline && { winner: counts, baseline },
  });
  const given: ReportInput = {
    ...input(of),
    plan: { ...plan(of), task: 'multiclass', classes, positive: null },
    results: [{ ...result(best), confusion: counts }],
  };
  const section = buildReport(given).filter(({ title }) => title === 'classes');
  return section.length === 0 ? '' : renderReport(section);
}

describe('classes of the best candidate', () => {
  const species = ['Adelie', 'Chinstrap', 'Gentoo'];
  const counts = [
    [143, 8, 1],
    [6, 62, 0],
    [1, 2, 121],
  ];

  it('are shown with recall, precision, F1 and the matrix', () => {
    expect(reportOf(species, counts)).toMatchSnapshot();
  });

  it('stand beside the baseline’s recall on the same rows', () => {
    const baseline = [
      [151, 1, 0],
      [2, 66, 0],
      [1, 0, 123],
    ];
    expect(reportOf(species, counts, baseline)).toMatchSnapshot();
  });

  it('show a class without rows, and one that is never predicted, without made-up numbers', () => {
    const report = reportOf(species, [
      [5, 0, 1],
      [2, 0, 2],
      [0, 0, 0],
    ]);
    expect(report).toContain('| `Chinstrap` | 4 | 0.000 | – | 0.000 |');
    expect(report).toContain('| `Gentoo` | 0 | – | 0.000 | 0.000 |');
  });

  it('show the ten most frequent confusions of more than twelve classes, most frequent first', () => {
    const names = Array.from({ length: 13 }, (_, k) => `class ${k}`);
    const many = names.map((_, truth) =>
      names.map((__, said) => (truth === said ? 50 : said === 0 ? truth : 0)),
    );
    const report = reportOf(names, many);
    expect(report).not.toContain('True class | →');
    const confusions = [...report.matchAll(/^\| `class (\d+)` \| `class 0` \| (\d+) \|/gm)];
    expect(confusions.map(([, truth, rows]) => [truth, rows])).toEqual(
      [12, 11, 10, 9, 8, 7, 6, 5, 4, 3].map((rows) => [String(rows), String(rows)]),
    );
  });

  it('stay text, whatever they are called', () => {
    const hostile = ['<img src=x>', '`|` @octocat', '[a](javascript:1)\n# b'];
    const html = htmlOf(reportOf(hostile, counts));
    expect(elementsOf(html).filter((name) => ['img', 'a', 'h1'].includes(name))).toEqual([]);
    expect(visibleText(html)).toContain('<img src=x>');
  });

  it('are left out where counts are about other classes, or there are none', () => {
    expect(reportOf(['a', 'b'], counts)).toBe('');
    expect(reportOf([], [])).toBe('');
  });
});
