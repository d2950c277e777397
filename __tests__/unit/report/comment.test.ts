import { describe, expect, it } from '@jest/globals';
import type { Verdict } from '../../../src/contracts/verdict.ts';
import { combine, worstOf, type ModelReport } from '../../../src/report/combine.ts';
import { commentAction, commentBody, commentKey } from '../../../src/report/comment.ts';
import { buildReport, renderReport } from '../../../src/report/report.ts';
import { verdict } from '../../fixtures/report/builders.ts';
import { cases } from '../../fixtures/report/cases.ts';

const unchanged = verdict({ conclusion: 'keep', reason: 'unchanged' });
const noWorse = verdict({ conclusion: 'keep', reason: 'no-worse' });
const blocked = verdict({ conclusion: 'block', reason: 'worse' });
const undecided = verdict({ conclusion: 'undecided', reason: 'may-be-worse' });
const edited = verdict({
  conclusion: 'keep',
  reason: 'unchanged',
  policyEdits: [{ path: 'gate.metric', old: '"log_loss"', new: '"accuracy"' }],
});

describe('commentAction', () => {
  it.each<[string, readonly Verdict[], string[]]>([
    ['unchanged', [unchanged], ['write', 'update', 'update', 'none']],
    ['no worse', [noWorse], ['write', 'write', 'update', 'none']],
    ['edited rules', [edited], ['write', 'write', 'update', 'none']],
    ['blocked', [blocked], ['write', 'write', 'write', 'none']],
    ['undecided', [undecided], ['write', 'write', 'write', 'none']],
    ['one of several blocked', [unchanged, blocked], ['write', 'write', 'write', 'none']],
  ])('%s: always, on-change, on-fail, never', (_, verdicts, actions) => {
    const modes = ['always', 'on-change', 'on-fail', 'never'] as const;
    expect(modes.map((mode) => commentAction(mode, verdicts))).toEqual(actions);
  });
});

it('always tells of a run that ended in an error, unless comments are off', () => {
  const modes = ['always', 'on-change', 'on-fail', 'never'] as const;
  const actions = modes.map((mode) => commentAction(mode, [unchanged], true));
  expect(actions).toEqual(['write', 'write', 'write', 'none']);
});

describe('commentKey', () => {
  it('differs with workflow, model and directory, and can not end the marker', () => {
    const key = (workflow: string, model: string, workingDirectory: string) =>
      commentKey({ workflow, model, workingDirectory });
    expect(key('Model Factory', 'churn', '.')).toBe('Model%20Factory/churn/.');
    expect(key('a/b', 'c', 'd')).not.toBe(key('a', 'b/c', 'd'));
    expect(key('x --> y', 'churn', '.')).not.toContain('>');
  });
});

describe('combine', () => {
  const reports = ['keep-no-worse', 'block-worse', 'promote-better'].map((name, i) => {
    const input = { ...cases[name]!, verdict: { ...cases[name]!.verdict, model: `model-${i}` } };
    return {
      kind: 'judged' as const,
      trouble: null,
      verdict: input.verdict,
      sections: buildReport(input),
      url: i === 0 ? 'https://e.example/0' : null,
    };
  });

  const quiet = (model: string): ModelReport => ({
    ...{ kind: 'judged', sections: [], url: null, trouble: null },
    verdict: { ...unchanged, model, standings: [], policyEdits: [] },
  });
  const broken: ModelReport = {
    ...{ kind: 'broken', model: 'zebra' },
    trouble: { code: 'DATA_SYNTAX', message: 'the row has 2 cells (zebra.csv:7)', fix: 'Mend the row.' },
  };

  it('puts what needs attention first and folds each report', () => {
    const markdown = renderReport(combine([...reports, quiet('b'), quiet('a'), broken]));
    expect(markdown.split('\n').slice(0, 9)).toEqual([
      '### ❌ Error (1 of 6 models) · ⛔ Do not merge (1) · 🚀 Promoted (1) · ✅ May merge (1) · 💤 Unchanged (2)',
      '',
      '| Model | Verdict | Why |',
      '| :-- | :-- | :-- |',
      '| `zebra` | ❌\u00A0Error `DATA_SYNTAX` | The row has 2 cells (zebra.csv:7). **Next:** Mend the row. |',
      expect.stringMatching(/^\| `model-1` \| ⛔.Do.not.merge `worse` \| Worse than /),
      expect.stringMatching(/^\| `model-2` \| 🚀.Promoted `better` \| Promoted: /),
      expect.stringMatching(
        /^\| \[model-0\]\(https:\/\/e\.example\/0\) \| ✅.May.merge `no-worse` \| No worse than /,
      ),
      '| `a`, `b` | 💤 Unchanged | Nothing that they depend on changed, so nothing was trained. |',
    ]);
    expect(markdown).toMatch(/Next for `model-1`/);
    expect(markdown.match(/<details><summary><code>model-\d<\/code>/g)).toHaveLength(3);
    expect(markdown.match(/all documents/g)).toHaveLength(1);
  });

  it('tells a refused release beside the verdict that stands', () => {
    const trouble = { code: 'RELEASE_FORBIDDEN', message: 'no', fix: 'Give contents: write.' };
    const refused = [{ ...reports[2]!, trouble }];
    const markdown = renderReport(combine(refused));
    expect(markdown).toContain('### ❌ Error (1 model)');
    expect(markdown).toContain('🚀\u00A0Promoted `better`, ❌ `RELEASE_FORBIDDEN`');
    expect(worstOf([...reports, ...refused])).toBe('error');
  });

  it('takes the worst conclusion: error, block, undecided, promote, keep', () => {
    const judged = (verdict: Verdict): ModelReport => ({
      ...{ kind: 'judged', verdict, sections: [], url: null, trouble: null },
    });
    const all = [quiet('a'), judged(verdict({ conclusion: 'promote' })), judged(undecided), judged(blocked)];
    const worst = [...all, broken].map((_, i, list) => worstOf(list.slice(0, i + 1)));
    expect(worst).toEqual(['keep', 'promote', 'undecided', 'block', 'error']);
  });

  it('is the report itself for one model', () => {
    expect(combine(reports.slice(0, 1))).toEqual(reports[0]!.sections);
  });

  it('leaves out appendices before whole reports', () => {
    const many = Array.from({ length: 18 }, (_, i): ModelReport => {
      const report = reports[i % reports.length]!;
      return { ...report, verdict: { ...report.verdict, model: `model-${i}` } };
    });
    expect(renderReport(combine(many)).length).toBeGreaterThan(60_000);
    const body = commentBody(combine(many));
    expect(body.match(/<details><summary><code>model-\d+<\/code>/g)).toHaveLength(18);
    expect(body).toContain('Environment and digests');
    expect(body).toMatch(/> Left out to fit: appendices of model-\d+, /);
  });

  it.each([30, 200])(
    'keeps the table of %d models and drops whole reports where a comment is too short',
    (n) => {
      const many = Array.from({ length: n }, (_, i): ModelReport => {
        const report = reports[i % reports.length]!;
        return { ...report, verdict: { ...report.verdict, model: `model-${i}` } };
      });
      const body = commentBody(combine(many));
      expect(body.length).toBeLessThanOrEqual(60_000);
      expect(body.match(/^\| .*model-\d+/gm)).toHaveLength(n);
      expect(body.split('<details>').length).toBe(body.split('</details>').length);
      expect(body).toContain('> Left out to fit: ');
    },
  );

  it('cuts between rows where even the table is too long', () => {
    const many = Array.from({ length: 900 }, () => reports).flat();
    const body = commentBody(combine(many));
    expect(body.length).toBeLessThanOrEqual(60_000);
    expect(body.trimEnd().endsWith('|')).toBe(true);
  });
});
