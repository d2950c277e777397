import type { Verdict } from '../contracts/verdict.ts';
import {
  compareOutOfFold,
  decideBefore,
  foldFault,
  rareClassFault,
  settingOf,
  verdictOf,
  type Setting,
} from './case.ts';
import { decideNotCompared, decision, insufficient, decideBroken, type Decision } from './decision.ts';
import type { Contestant } from './contestant.ts';
import {
  compareOnHoldout,
  hidden,
  holdoutScores,
  levelOf,
  looksOf,
  MIN_CLASS_IN_HOLDOUT,
  validationScores,
  type PromotionCase,
} from './promotion-case.ts';
import { decideByHoldout } from './promotion-by-holdout.ts';
import { decideByValidation } from './promotion-by-validation.ts';
import { boundRules, brokenRule, gainRule, limitRules } from './rules.ts';
import { promotionSentences as say } from './sentence.ts';
import { detectableGain } from './statistics/planner.ts';

export type { Holdout, HoldoutAnswer, LockedHoldout, PromotionCase } from './promotion-case.ts';

/**
 * Does it become champion? The best candidate of cross-validation meets the champion once on the hold-out, at
 * (1 - confidence) / looks. A look is spent only if its bytes are new and its out-of-fold gain over the champion's
 * recipe is significant by itself (one-sided 5%). Without a hold-out the out-of-fold comparison decides, at
 * (1 - confidence) / (10 × candidates). Only that test promotes; floors, ceilings, limits and slices only block.
 */
export function judgePromotion(given: PromotionCase): Verdict {
  return verdictOf(given, 'promote', decide(given));
}

function decide(given: PromotionCase): Decision {
  const { baseline, development, superseded, holdout } = given;
  const looks = looksOf(holdout, false);
  const present = baseline.kind === 'present' ? baseline : null;
  if (superseded && present) return decision('keep', 'superseded', say.superseded(present.record), { looks });
  const setting = settingOf(given);
  const early = decideBefore(given, setting);
  if (early) return { ...early, looks };
  const best = setting.candidates[0]!;
  if (present && best.modelSha256 !== null && best.modelSha256 === present.modelSha256)
    return decision('keep', 'unchanged', say.unchanged(best.name, present.record), { looks });
  const tooSmall = foldFault(best.outOfFold, development);
  if (tooSmall) return { ...decideNotCompared(insufficient(tooSmall)), looks };
  if (!present) return decideFirst(given, setting, best);
  return holdout.kind === 'locked'
    ? decideByHoldout(given, setting, best, present.record, holdout)
    : decideByValidation(given, setting, best, present.record);
}

/** The best candidate against guessing the average: on the hold-out if there is one, but that spends no look. */
function decideFirst(given: PromotionCase, setting: Setting, best: Contestant): Decision {
  const { holdout, policy, dummy } = given;
  const { metric } = setting;
  const looks = looksOf(holdout, false);
  const level = levelOf(given, setting);
  const answer = holdout.kind === 'locked' ? holdout.ask(best.name) : null;
  const small = answer && rareClassFault(answer.candidate, MIN_CLASS_IN_HOLDOUT);
  if (small) return { ...decideNotCompared(insufficient(small)), looks };
  const test = answer
    ? compareOnHoldout(setting, answer, level)
    : compareOutOfFold(setting, best, { name: 'dummy', outOfFold: dummy }, level);
  if (test.kind === 'not-compared') return { ...decideNotCompared(test), looks };

  const scores = answer ? holdoutScores(given, setting, answer) : validationScores(given, best);
  const where = answer ? 'on the test set' : 'in cross-validation';
  const tested = [
    gainRule('first run (better than guessing)', test, 0),
    ...boundRules(policy, scores, where),
  ];
  const limits = limitRules(policy, best);
  const shown = [...(answer ? tested.map(hidden) : tested), ...limits];
  const detectable = detectableGain(test.se, level);
  const quiet = {
    rules: shown,
    looks,
    decisive: answer ? null : test,
    detectableGain: answer ? null : detectable,
  };
  if (tested[0]?.outcome !== 'pass')
    return decision(
      'keep',
      'not-better',
      say.notBetterThanDummy(best.name, metric, answer ? null : test),
      quiet,
    );
  const broken = brokenRule(shown);
  if (broken) return decideBroken(broken, quiet);
  return decision('promote', 'first-run', say.firstRun(best.name, metric, test, answer !== null), {
    ...{ rules: [...tested, ...limits], looks, decisive: test, detectableGain: detectable },
  });
}
