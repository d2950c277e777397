import type { RuleOutcome, Verdict } from '../contracts/verdict.ts';
import {
  compareOutOfFold,
  decideBefore,
  foldFault,
  recipeSide,
  settingOf,
  verdictOf,
  type Case,
  type Setting,
} from './case.ts';
import type { Compared } from './comparison.ts';
import { scoreOf, type Contestant } from './contestant.ts';
import { decideNotCompared, decision, insufficient, decideBroken, type Decision } from './decision.ts';
import { marginIn } from './policy.ts';
import type { Predictions } from './predictions.ts';
import { validationScores } from './promotion-case.ts';
import {
  boundRules,
  brokenRule,
  dropRule,
  dropState,
  gainRule,
  HARM_LEVEL,
  limitRules,
  maxGainRule,
  sliceRules,
} from './rules.ts';
import { mergeSentences } from './sentence.ts';
import { detectableGain } from './statistics/planner.ts';

/**
 * May this merge? The champion's recipe on the head's data against the base side decides harm; the best candidate
 * against the base side, at .05 / candidates, alone may say `likely-better`. All on out-of-fold predictions; the
 * hold-out is never asked. `case.baseline.outOfFold` and every contestant's are about the same rows, with the base's
 * labels. Whatever is missing or not finite blocks.
 */
export function judgePullRequest(given: Case): Verdict {
  return verdictOf(given, 'merge', decide(given));
}

function decide(given: Case): Decision {
  const setting = settingOf(given);
  const early = decideBefore(given, setting);
  if (early) return early;
  const best = setting.candidates[0]!;
  const { baseline, development } = given;
  const tooSmall = foldFault(best.outOfFold, development);
  if (tooSmall) return decideNotCompared(insufficient(tooSmall));
  return baseline.kind === 'present'
    ? decideChange(given, setting, best, baseline)
    : decideFirst(given, setting, best);
}

function decideFirst(given: Case, { metric }: Setting, best: Contestant): Decision {
  const rules = ownRules(given, best);
  const broken = brokenRule(rules);
  if (broken) return decideBroken(broken, { rules });
  return decision(
    'keep',
    'first-run',
    mergeSentences.firstRun(best.name, metric, scoreOf(best, metric.name)),
    { rules },
  );
}

function decideChange(
  given: Case,
  setting: Setting,
  best: Contestant,
  { outOfFold, record }: Extract<Case['baseline'], { kind: 'present' }>,
): Decision {
  const { metric, candidates } = setting;
  const base = { name: 'the baseline', outOfFold };
  const { maxDrop } = given.policy;
  const same = compareOutOfFold(setting, recipeSide(setting), base, HARM_LEVEL);
  if (same.kind === 'not-compared') return decideNotCompared(same);
  const top = compareOutOfFold(setting, best, base, HARM_LEVEL);
  if (top.kind === 'not-compared') return decideNotCompared(top);
  const strict = compareOutOfFold(setting, best, base, HARM_LEVEL / candidates.length);
  if (strict.kind === 'not-compared') return decideNotCompared(strict);

  const gain = gainRule('likely better (best candidate)', strict, 0);
  const likelyBetter = gain.outcome === 'pass';
  const sameDrop = dropRule('same recipe', same, maxDrop);
  const drops = [
    likelyBetter ? outweighed(sameDrop) : sameDrop,
    dropRule('best candidate', top, maxDrop),
  ] as const;
  const rules = [
    ...drops,
    gain,
    ...ownRules(given, best),
    ...maxGainRule(given.policy, top),
    ...slicesOf(given, setting, best.outOfFold, outOfFold),
  ];
  const drop = marginIn(maxDrop, same.champion);
  const more = { rules, decisive: same, detectableGain: detectableGain(same.se, HARM_LEVEL) };
  const sentences = mergeSentences;

  if (dropState(same, maxDrop) === 'proven' && !likelyBetter)
    return decision('block', 'worse', sentences.worse(null, record, metric, same, drop), more);
  if (dropState(top, maxDrop) === 'proven')
    return decision('block', 'worse', sentences.worse(best.name, record, metric, top, drop), {
      ...more,
      decisive: top,
    });
  const broken = brokenRule(rules.filter((rule) => !drops.some((own) => own === rule)));
  if (broken) return decideBroken(broken, more);
  if (likelyBetter)
    return decision('keep', 'likely-better', sentences.likelyBetter(best.name, record, metric, strict), {
      ...more,
      decisive: strict,
    });
  const open = mayBeWorse(same, top, drops, maxDrop, best.name);
  if (open)
    return decision(
      'undecided',
      'may-be-worse',
      sentences.mayBeWorse(open.who, record, metric, open.comparison, open.settle),
      {
        ...more,
        decisive: open.comparison,
      },
    );
  if (same.identical) return decision('keep', 'unchanged', sentences.unchanged(record, same), more);
  return decision('keep', 'no-worse', sentences.noWorse(record, metric, same, drop), more);
}

/** Harm to the old recipe doesn't count when a better one comes with it. */
function outweighed(rule: RuleOutcome): RuleOutcome {
  if (rule.outcome === 'pass') return rule;
  const note = `${rule.note}; outweighed, because the best candidate is likely better`;
  return { ...rule, outcome: 'not-applicable', note, wouldSettle: null };
}

/** The comparison that leaves harm open: the same recipe first, then the best candidate. */
function mayBeWorse(
  same: Compared,
  top: Compared,
  [sameRule, topRule]: readonly [RuleOutcome, RuleOutcome],
  maxDrop: Case['policy']['maxDrop'],
  best: string,
): { who: string | null; comparison: Compared; settle: string | null } | null {
  if (dropState(same, maxDrop) === 'possible')
    return {
      who: null,
      comparison: same,
      settle: sameRule.wouldSettle,
    };
  if (dropState(top, maxDrop) === 'possible')
    return { who: best, comparison: top, settle: topRule.wouldSettle };
  return null;
}

/** Rules about the winner alone, read from cross-validation. */
function ownRules({ policy }: Case, best: Contestant): RuleOutcome[] {
  return [
    ...boundRules(policy, validationScores({ policy }, best), 'in cross-validation'),
    ...limitRules(policy, best),
  ];
}

function slicesOf(
  { policy, development }: Case,
  { metric, options }: Setting,
  candidate: Predictions | null,
  champion: Predictions | null,
): RuleOutcome[] {
  if (!candidate || !champion) return [];
  return sliceRules(policy, metric, development.slices, candidate, champion, {
    ...options,
    level: HARM_LEVEL,
  });
}
