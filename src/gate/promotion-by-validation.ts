import type { Verdict } from '../contracts/verdict.ts';
import { compareOutOfFold, recipeSide, type Setting } from './case.ts';
import { compare } from './compare.ts';
import type { Comparison } from './comparison.ts';
import { decideNotCompared, decision, decideBroken, type Decision } from './decision.ts';
import type { Contestant } from './contestant.ts';
import { levelOf, validationScores, type PromotionCase } from './promotion-case.ts';
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

/** Small data: the out-of-fold comparison with the champion's recipe is itself the test. */
export function decideByValidation(
  given: PromotionCase,
  setting: Setting,
  best: Contestant,
  record: Verdict['champion'],
): Decision {
  const { metric, options, recipe } = setting;
  const { policy, development } = given;
  const level = levelOf(given, setting);
  const test = gainInValidation(given, setting, best, level);
  if (test === null) return decision('keep', 'cv-not-better', say.sameRecipe(best.name, record));
  if (test.kind === 'not-compared') return decideNotCompared(test);
  const gain = gainRule('gate.promote.min-gain', test, policy.minGain);
  const champion = recipe?.outOfFold ?? null;
  const slices =
    best.outOfFold && champion
      ? sliceRules(policy, metric, development.slices, best.outOfFold, champion, {
          ...options,
          level: HARM_LEVEL,
        })
      : [];
  const rules = [
    gain,
    ...limitRules(policy, best),
    ...boundRules(policy, validationScores(given, best), 'in cross-validation'),
    ...maxGainRule(policy, test),
    ...slices,
  ];
  const detectable = detectableGain(test.se, level);
  const more = { rules, decisive: test, detectableGain: detectable };
  if (gain.outcome !== 'pass') {
    const sentence = say.notBetterByValidation(best.name, record, metric, test, detectable);
    return decision('keep', 'cv-not-better', sentence, more);
  }
  const broken = brokenRule(rules);
  if (broken) return decideBroken(broken, more);
  return decision('promote', 'better', say.betterByValidation(best.name, record, metric, test), more);
}

/**
 * The winner's out-of-fold gain over the champion's recipe. When it is that recipe, its gain over the stored champion
 * on rows that one never saw; null where there are none: then nothing can have been gained.
 */
export function gainInValidation(
  { refresh }: PromotionCase,
  setting: Setting,
  best: Contestant,
  level: number,
): Comparison | null {
  const { metric, options } = setting;
  const result = compareOutOfFold(setting, best, recipeSide(setting), level);
  if (result.kind === 'not-compared' || !result.identical) return result;
  if (!refresh) return null;
  const { candidate, champion, dependence } = refresh;
  return compare(metric, candidate, champion, { ...options, dependence, level });
}
