import type { RuleOutcome, Verdict } from '../contracts/verdict.ts';
import { rareClassFault, type Setting } from './case.ts';
import type { Compared } from './comparison.ts';
import { decideNotCompared, decision, insufficient, decideBroken, type Decision } from './decision.ts';
import type { Contestant } from './contestant.ts';
import {
  compareOnHoldout,
  hidden,
  holdoutScores,
  levelOf,
  looksOf,
  MAX_CHANGED_SHARE,
  MIN_CLASS_IN_HOLDOUT,
  onHoldout,
  type HoldoutAnswer,
  type LockedHoldout,
  type PromotionCase,
} from './promotion-case.ts';
import { gainInValidation } from './promotion-by-validation.ts';
import {
  boundRules,
  brokenRule,
  gainRule,
  HARM_LEVEL,
  limitRules,
  maxGainRule,
  sliceRules,
} from './rules.ts';
import { promotionSentences as say } from './sentence.ts';
import { detectableGain } from './statistics/planner.ts';

/** Decides on the hold-out, if it may be asked at all. */
export function decideByHoldout(
  given: PromotionCase,
  setting: Setting,
  best: Contestant,
  record: Verdict['champion'],
  holdout: LockedHoldout,
): Decision {
  const { metric } = setting;
  const unspent = { looks: looksOf(holdout, false) };
  const cv = gainInValidation(given, setting, best, HARM_LEVEL);
  if (cv === null) return decision('keep', 'cv-not-better', say.sameRecipe(best.name, record), unspent);
  if (cv.kind === 'not-compared') return { ...decideNotCompared(cv), ...unspent };
  const gain = gainRule('look (gain in cross-validation)', cv, 0);
  const rules = [gain, ...limitRules(given.policy, best)];
  const level = levelOf(given, setting);
  const more = { ...unspent, rules, detectableGain: expectedGain(cv, setting, holdout.rows, level) };
  if (gain.outcome !== 'pass')
    return decision('keep', 'cv-not-better', say.cvNotBetter(best.name, record, metric, cv), {
      ...more,
      decisive: cv,
    });
  const earlier = holdout.earlier.find(({ modelSha256 }) => modelSha256 === best.modelSha256);
  // A model that passed the test but was never published, or broke a rule that has been changed since, may be asked
  // again: it is the same question.
  if (earlier && earlier.conclusion !== 'promote' && earlier.conclusion !== 'block')
    return decision('keep', 'cv-not-better', say.askedBefore(best.name, record), more);
  const limit = brokenRule(rules);
  if (limit) return decideBroken(limit, more);
  const isRebased = holdout.state !== null && holdout.state === holdout.accepted;
  if (!(holdout.changedShare <= MAX_CHANGED_SHARE) && !isRebased)
    return decision('undecided', 'holdout-changed', say.holdoutChanged(holdout), more);
  if (!earlier && !(holdout.looksUsed < holdout.looksAllowed))
    return decision('undecided', 'holdout-spent', say.holdoutSpent(holdout), more);
  return askHoldout(given, setting, best, record, { holdout, level, more, spends: !earlier });
}

interface Asking {
  readonly holdout: LockedHoldout;
  readonly level: number;
  readonly more: {
    readonly rules: readonly RuleOutcome[];
    readonly looks: Verdict['looks'];
    readonly detectableGain: number;
  };
  readonly spends: boolean;
}

function askHoldout(
  given: PromotionCase,
  setting: Setting,
  best: Contestant,
  record: Verdict['champion'],
  { holdout, level, more, spends }: Asking,
): Decision {
  const { metric } = setting;
  const answer = holdout.ask(best.name);
  const small = rareClassFault(answer.candidate, MIN_CLASS_IN_HOLDOUT);
  const test = small ? insufficient(small) : compareOnHoldout(setting, answer, level);
  // Nothing was learnt about the hold-out, so no look is spent.
  if (test.kind === 'not-compared') return { ...decideNotCompared(test), ...more, rules: [...more.rules] };
  const looks = looksOf(holdout, spends);
  const gain = gainRule('gate.promote.min-gain', test, given.policy.minGain);
  if (gain.outcome !== 'pass')
    return decision('keep', 'not-better', say.notBetter(best.name, record, test.rows, looks), {
      ...{ ...more, rules: [...more.rules, hidden(gain)], looks },
    });
  const tested = [gain, ...hardRules(given, setting, test, answer)];
  const broken = brokenRule(tested);
  if (broken)
    return decideBroken(hidden(broken), { ...more, rules: [...more.rules, ...tested.map(hidden)], looks });
  return decision('promote', 'better', say.better(best.name, record, metric, test, looks), {
    ...{ ...more, rules: [...more.rules, ...tested], looks, decisive: test },
  });
}

function hardRules(
  given: PromotionCase,
  setting: Setting,
  test: Compared,
  answer: HoldoutAnswer,
): RuleOutcome[] {
  const { policy } = given;
  const { candidate, baseline, slices } = answer;
  const options = { ...onHoldout(setting, answer), level: HARM_LEVEL };
  return [
    ...boundRules(policy, holdoutScores(given, setting, answer), 'on the test set'),
    ...maxGainRule(policy, test),
    ...sliceRules(policy, setting.metric, slices, candidate, baseline, options),
  ];
}

/** What the hold-out would show, from the spread of the out-of-fold differences; no row of it is looked at. */
function expectedGain(cv: Compared, { options }: Setting, holdoutRows: number, level: number): number {
  const folds = options.outOfFold?.folds ?? 2;
  const single = cv.se / Math.sqrt(1 + folds / (folds - 1));
  return detectableGain(single * Math.sqrt(cv.rows / holdoutRows), level);
}
