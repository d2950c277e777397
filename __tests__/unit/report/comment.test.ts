import { describe, expect, it } from '@jest/globals';
import type { Verdict } from '../../../src/contracts/verdict.ts';
import { combine } from '../../../src/report/combine.ts';
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

  it('puts what needs attention first and folds each report', () => {
    const markdown = renderReport(combine(reports));
    expect(markdown.split('\n').slice(0, 7)).toEqual([
      '### 3 models: 1 ⛔ Do not merge, 1 🚀 Promoted, 1 ✅ May merge',
      '',
      '| Model | Verdict | Why |',
      '| :-- | :-- | :-- |',
      expect.stringMatching(/^\| `model-1` \| ⛔ Do not merge `worse` \| Worse than /),
      expect.stringMatching(/^\| `model-2` \| 🚀 Promoted `better` \| Promoted: /),
      expect.stringMatching(
        /^\| \[model-0\]\(https:\/\/e\.example\/0\) \| ✅ May merge `no-worse` \| No worse than /,
      ),
    ]);
    expect(markdown.match(/<details><summary><code>model-\d<\/code>/g)).toHaveLength(3);
  });

  it('is the report itself for one model', () => {
    expect(combine(reports.slice(0, 1))).toEqual(reports[0]!.sections);
  });

  it('drops whole reports, the least urgent first, where a comment is too short', () => {
    const many = Array.from({ length: 40 }, () => reports).flat();
    const body = commentBody(combine(many));
    expect(body.length).toBeLessThanOrEqual(60_000);
    expect(body.split('<details>').length).toBe(body.split('</details>').length);
    expect(body).toContain('> Left out to fit: ');
  });
});
