import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { planDocument } from '../../../src/contracts/plan.ts';
import { resultDocument } from '../../../src/contracts/result.ts';
import { verdictDocument } from '../../../src/contracts/verdict.ts';
import { commentBody } from '../../../src/report/comment.ts';
import { summaryLimit } from '../../../src/report/limit.ts';
import { buildReport, renderReport, type ReportInput } from '../../../src/report/report.ts';
import { renderText } from '../../../src/report/terminal.ts';
import {
  champion,
  comparison,
  input,
  metrics,
  rule,
  standing,
  verdict,
} from '../../fixtures/report/builders.ts';
import { cases } from '../../fixtures/report/cases.ts';
import { arbitraryOf } from './arbitrary.ts';
import { elementsOf, htmlOf, visibleText } from './gfm.ts';

const inputs = fc
  .record({
    verdict: arbitraryOf(verdictDocument.schema),
    plan: arbitraryOf(planDocument.schema),
    results: fc.array(arbitraryOf(resultDocument.schema), { maxLength: 4 }),
    basePlan: fc.option(arbitraryOf(planDocument.schema), { nil: null }),
    links: fc.constantFrom(
      { runUrl: null, commitUrl: null, artifactUrl: null },
      {
        runUrl: 'https://github.com/a/b/actions/runs/1',
        commitUrl: 'https://e.example/)',
        artifactUrl: 'javascript:1',
      },
    ),
    command: fc.constantFrom(null, 'npx model-factory run'),
  })
  .map((value): ReportInput => {
    return {
      ...value,
      verdict: verdictDocument.schema.parse(value.verdict),
      plan: planDocument.schema.parse(value.plan),
      results: value.results.map((result) => resultDocument.schema.parse(result)),
      basePlan: value.basePlan === null ? null : planDocument.schema.parse(value.basePlan),
    };
  });

const ours = new Set([
  ...['h3', 'h4', 'p', 'ul', 'li', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'strong', 'code', 'pre', 'a'],
  ...['details', 'summary', 'b', 'blockquote'],
]);

const firstScreen = (name: string) => {
  const [verdictSection] = buildReport(cases[name]!);
  return renderReport([verdictSection!]);
};

describe('a report', () => {
  it('shows the champion’s recipe and the candidate that is it in one row', () => {
    const [own, twin] = [
      standing('a', metrics(0.3, 0.7, 0.9, 0.1)),
      standing('a', metrics(0.3, 0.7, 0.9, 0.1)),
    ];
    const compared = { comparison: comparison(0.001, 0.0005) };
    const standings = [
      { ...own, ...compared },
      { ...twin, ...compared, role: 'champion' as const },
    ];
    const text = renderText(buildReport(input(verdict({ standings, winner: 'a' }))));
    expect(text.match(/same recipe/g)).toHaveLength(2); // one in the table, one in the chart
    expect(text).toContain('a best (same recipe)');
  });

  it.each([
    ['proven worse', -0.02, 0.01, false],
    ['maybe better', 0.001, 0.01, true],
  ])('of a candidate that is %s', (_, estimate, reach, open) => {
    const gain = rule('likely better (best candidate)', 'undecided', 'so it is', {
      comparison: comparison(estimate, reach),
    });
    const text = renderText(buildReport(input(verdict({ rules: [gain] }))));
    expect(text.includes('1 rule stays open')).toBe(open);
  });

  it('leaves out whether a candidate is likely better where it dropped too far', () => {
    const gain = rule('likely better (best candidate)', 'undecided', 'so it is', {
      comparison: comparison(-0.02, 0.03),
    });
    const drop = rule('gate.block.max-drop (best candidate)', 'fail', 'it dropped');
    const broken = verdict({ conclusion: 'block', reason: 'worse', rules: [drop, gain] });
    expect(renderText(buildReport(input(broken)))).not.toContain('stays open');
  });

  it.each(['stored', 'refitted'] as const)('explains two gains where the champion is %s', (standIn) => {
    const best = standing('b', metrics(0.3, 0.8, 0.9, 0.1), { comparison: comparison(0.1, 0.01) });
    const decisive = comparison(0.05, 0.01, { method: "paired t, Hall's correction" });
    const promotion = verdict({
      ...{ question: 'promote', conclusion: 'promote', decisive, standings: [best], winner: 'b' },
      champion: { ...champion, standIn },
    });
    const text = renderText(buildReport(input(promotion))).replace(/\s+/g, ' ');
    expect(text.includes('there it meets the model that was released, as it is')).toBe(standIn === 'stored');
  });

  it('shows the baseline’s scores on the rows that the gains are about', () => {
    const recipe = standing('c', metrics(0.4, 0.7, 0.9, 0.1), { role: 'champion' });
    const best = standing('b', metrics(0.3, 0.8, 0.9, 0.1), { comparison: comparison(0.1, 0.01) });
    const promotion = verdict({ question: 'promote', standings: [best, recipe], winner: 'b' });
    const told = { ...promotion, baselineMetrics: { log_loss: 0.2 } };
    expect(renderText(buildReport(input(told)))).toMatch(/baseline +0\.4000 +– /);
  });

  it.each(['keep-likely-better', 'block-worse', 'promote-better'])(
    'of %s as markdown and as text',
    (name) => {
      const sections = buildReport(cases[name]!);
      expect(renderReport(sections)).toMatchSnapshot();
      expect(renderText(sections)).toMatchSnapshot();
    },
  );

  it('counts the rows of a comparison of time blocks, not the blocks', () => {
    const decisive = comparison(0.001, 0.0005, {
      ...{ n: 30, rows: 8238, method: "paired t, Hall's correction over 30 time blocks" },
    });
    const text = renderText(
      buildReport(input(verdict({ decisive, question: 'promote', conclusion: 'promote' }))),
    );
    expect(text.replace(/\s+/g, ' ')).toContain(
      'over 30 time blocks, on 8,238 rows of the test set (hold-out)',
    );
  });

  it('says first whether to merge, why, and what to do next', () => {
    expect(firstScreen('undecided-may-be-worse')).toBe(
      [
        '### 🤔 Undecided, maybe worse than the baseline (champion v1.3.0)',
        "Its recipe on this change's data has log loss 0.2889 against 0.2791, 0.0098 worse (plausibly 0.021 worse to " +
          '0.0015 better), on 3,164 validation rows, but that can still be chance.',
        '**Next:** About 9,200 rows would settle a difference of 0.0098.',
        '`next-best-action` · `undecided / may-be-worse` · baseline (champion) v1.3.0, 12 days old · ' +
          '[commit aaaaaaa](https://github.com/example/bank/commit/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa)\n',
      ].join('\n\n'),
    );
    expect(firstScreen('block-floor')).toMatch(/^### ⛔ Do not merge\n\nRecall 0\.2231 /);
    expect(firstScreen('promote-better')).toMatch(/^### 🚀 Promoted\n\nboosting-1 beats /);
    expect(firstScreen('keep-not-better')).toMatch(
      /^### ✅ No promotion · The baseline \(champion v1\.3\.0\) stays\n/,
    );
  });

  it('shows edited rules with their old and new values', () => {
    const html = htmlOf(renderReport(buildReport(cases['policy-edit']!)));
    const banner = visibleText(/<blockquote>[^]*?<\/blockquote>/.exec(html)?.[0] ?? '');
    expect(banner.split(/\s*\n\s*/)).toEqual(
      expect.arrayContaining([
        'gate.block.max-drop',
        '"2%"',
        '"20%"',
        'gate.block.floor.roc_auc',
        '0.7',
        '(default)',
      ]),
    );
  });

  it('names what changed against the base', () => {
    expect(renderText(buildReport(cases['block-worse']!))).toContain(
      '- 2 features removed: euribor3m, nr.employed\n',
    );
    expect(renderText(buildReport(cases['keep-no-worse']!))).toContain(
      '- 1,186 rows added: 40,002 → 41,188\n',
    );
    expect(renderText(buildReport(cases['undecided-may-be-worse']!))).toContain(
      '- 41 rows have another label',
    );
  });

  it('keeps what the test set said to itself unless there is a promotion', () => {
    const base = cases['promote-better']!;
    const kept = { ...base.verdict, conclusion: 'keep' as const, reason: 'not-better' as const, rules: [] };
    const body = (of: ReportInput) => renderReport(buildReport(of).slice(1));
    expect(body(base)).toMatch(/test set \(hold-out\) +│/);
    expect(body(base)).toContain('of the test set (hold-out); p');
    expect(body({ ...base, verdict: kept })).not.toMatch(/0\.0057|0\.0034|0\.0080/);
    expect(body({ ...base, verdict: kept })).not.toContain('(hold-out); p');
  });

  it('folds all but the best of each trainer where there are many, and keeps within the limits of GitHub', () => {
    const many = Array.from({ length: 256 }, (_, i) =>
      standing(`boosting-${i + 1}`, metrics(0.27 + i / 10_000, 0.78, 0.9, 0.08), {
        comparison: comparison(0.01, 0.001),
      }),
    );
    const sections = buildReport(input(verdict({ sentence: 'Fine.', standings: many })));
    expect(renderReport(sections)).toContain('<summary>255 more candidates</summary>');
    const body = commentBody(sections);
    expect(body.length).toBeLessThanOrEqual(60_000);
    expect(body).toContain('Left out to fit: scores by fold');
    expect(body).toContain('The whole report is in the summary of the run.');
  });

  it('puts the champion’s recipe first where it is compared, and in the baseline’s row where it is the baseline', () => {
    const labels = (name: string) => {
      const body = renderText(buildReport(cases[name]!));
      const rows = body.slice(body.indexOf('Candidate  ')).split('\n').slice(2);
      return rows.slice(0, rows.indexOf('')).map((row) => row.split(/ {2,}/)[0]);
    };
    expect(labels('keep-likely-better')).toEqual([
      ...['baseline', 'same recipe', 'boosting-2 best', 'boosting-1', 'dummy'],
    ]);
    expect(labels('promote-better').slice(0, 2)).toEqual(['baseline', 'boosting-1 best']);
    expect(labels('promote-better')).not.toContain('same recipe');
    expect(labels('keep-first-run')).toEqual(['boosting best', 'logistic', 'dummy']);
  });

  it('is written for every document that the contracts allow', () => {
    fc.assert(
      fc.property(inputs, (value) => {
        const sections = buildReport(value);
        const markdown = renderReport(sections);
        const html = htmlOf(markdown);
        expect(elementsOf(html).filter((name) => !ours.has(name))).toEqual([]);
        expect(
          [...html.matchAll(/href="([^"]*)"/g)]
            .map(([, url]) => url)
            .filter((url) => !url!.startsWith('https:')),
        ).toEqual([]);
        for (const text of [markdown, renderText(sections)]) {
          expect(text).not.toMatch(/NaN|undefined|Infinity|null\b|\[object/);
          expect(text.replace(/\n/g, '')).not.toMatch(/[\p{Cc}\u202E]/u);
          expect(text.isWellFormed()).toBe(true);
        }
        expect(commentBody(sections).length).toBeLessThanOrEqual(60_000);
        const summary = renderReport(sections, summaryLimit, 'report.md');
        expect(new TextEncoder().encode(summary).length).toBeLessThanOrEqual(summaryLimit.size);
      }),
      { numRuns: 60 },
    );
  });
});
