import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { buildReport, renderReport } from '../../../src/report/report.ts';
import { familyWinners, paretoFront } from '../../../src/report/trade-offs.ts';
import { metrics, plan, result, standing, verdict } from '../../fixtures/report/builders.ts';

const trainers = ['gradient-boosting', 'logistic-regression', 'random-forest'];

function many(count: number) {
  const standings = Array.from({ length: count }, (_, i) =>
    standing(`c-${i + 1}`, metrics(0.27 + 0.001 * i, 0.79, 0.9, 0.077), {
      trainer: trainers[i % 3 === 0 || i < 5 ? 0 : (i % 2) + 1]!,
      predictMsPer1k: 10 - (i % 9),
      modelBytes: 100_000 - 1000 * (i % 7),
    }),
  );
  const stopped = standing(
    'c-99',
    {},
    {
      ...{ status: 'stopped', stopped: 'after 2 of 5 folds: could not win any more against c-1' },
      ...{ metrics: { log_loss: null }, modelBytes: null, predictMsPer1k: null },
    },
  );
  const of = verdict({
    ...{ conclusion: 'keep', reason: 'first-run', sentence: 'The best becomes v1.0.0.', next: 'Merge.' },
    ...{ winner: 'c-1', standings: [...standings, stopped], baselineMetrics: null, champion: null },
  });
  const skipped = [
    {
      name: 'slow-1',
      trainer: 'random-forest',
      params: { n_estimators: 5000 },
      fingerprint: 'a'.repeat(64),
      predictedMs: 4_000_000,
    },
  ];
  return { verdict: of, plan: { ...plan(of), skipped }, results: of.standings.map(result) };
}

describe('a report of a search', () => {
  const render = (count: number) => {
    const { verdict: of, plan: planned, results } = many(count);
    return renderReport(buildReport({ ...base(of), verdict: of, plan: planned, results }));
  };
  const base = (of: ReturnType<typeof many>['verdict']) => ({
    ...{ basePlan: null, links: { runUrl: null, commitUrl: null, artifactUrl: null } },
    verdict: of,
  });

  it('shows the best of each trainer where there are many, and folds the rest', () => {
    const text = render(30);
    const open = text.slice(text.indexOf('#### Candidates'), text.indexOf('<details>'));
    expect(open.match(/^\| .*c-\d+.*$/gm)).toHaveLength(3);
    expect(open).toContain('The best of each trainer; all others are folded below.');
    expect(text).toContain('27 more candidates');
  });

  it('says who was stopped and when, who was skipped, and who is worth a look for speed or size', () => {
    const text = render(6);
    expect(text).toContain('1 candidate stopped early by the search');
    expect(text).toContain('after 2 of 5 folds: could not win any more against c-1');
    expect(text).toContain('1 candidate skipped to stay within the budget');
    expect(text).toContain('6 of 7 candidates that no other beats in all three');
  });
});

describe('trade-offs', () => {
  it('takes the best of each trainer in the order of the standings', () => {
    const { standings } = many(30).verdict;
    expect(familyWinners(standings).map(({ trainer }) => trainer)).toEqual([
      ...new Set(standings.slice(0, 30).map(({ trainer }) => trainer)),
    ]);
  });

  it('keeps exactly those whom nobody beats', () => {
    const one = fc.record({
      score: fc.integer({ min: 0, max: 5 }),
      ms: fc.integer({ min: 1, max: 5 }),
      bytes: fc.integer({ min: 1, max: 5 }),
    });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 12 }), (members) => {
        const standings = members.map(({ score, ms, bytes }, i) =>
          standing(`c-${i}`, metrics(score, 0, 0, 0), { predictMsPer1k: ms, modelBytes: bytes }),
        );
        const front = new Set(
          paretoFront({ standings, metric: 'log_loss' }).map((member) => member.standing.name),
        );
        members.forEach((own, i) => {
          const beaten = members.some(
            (other) =>
              other.score <= own.score &&
              other.ms <= own.ms &&
              other.bytes <= own.bytes &&
              (other.score < own.score || other.ms < own.ms || other.bytes < own.bytes),
          );
          expect(front.has(`c-${i}`)).toBe(!beaten);
        });
      }),
    );
  });
});
