import type { Verdict } from '../contracts/verdict.ts';
import { decision, decideBroken, type Decision } from './decision.ts';
import { compareOutOfFold, recipeSide, settingOf, verdictOf } from './case.ts';
import { looksOf, validationScores, type PromotionCase } from './promotion-case.ts';
import {
  boundRules,
  brokenRule,
  candidateRules,
  HARM_LEVEL,
  limitRules,
  maxGainRule,
  sliceRules,
} from './rules.ts';

/** Somebody with write permission who answers for a candidate. */
export interface PersonalChoice {
  readonly candidate: string;
  /** `@login`, or a name. */
  readonly who: string;
  readonly reason: string;
}

/**
 * Promotes what a person chose, without a test, if it breaks no hard rule: its own result, floors, ceilings, limits,
 * `max-gain` and slices, all read from cross-validation. The hold-out isn't asked and no look is spent; the evidence
 * says who promoted it and why, never that it passed.
 */
export function judgeByPerson(given: PromotionCase, choice: PersonalChoice): Verdict {
  return verdictOf(given, 'promote', { ...decide(given, choice), winner: choice.candidate });
}

function decide(given: PromotionCase, { candidate, who, reason }: PersonalChoice): Decision {
  const setting = settingOf(given);
  const looks = looksOf(given.holdout, false);
  const chosen = setting.candidates.find(({ name }) => name === candidate);
  if (!chosen)
    return decision(
      'block',
      'no-candidate',
      {
        sentence: `Blocked: there is no candidate named ${candidate}.`,
        next: `Choose one of ${setting.candidates.map(({ name }) => name).join(', ')}.`,
      },
      { looks },
    );
  if (chosen.status === 'stopped')
    return decision(
      'block',
      'no-candidate',
      {
        sentence: `Blocked: the search stopped ${candidate} ${chosen.stopped ?? 'early'}, so there is no model of it.`,
        next: 'Make it a candidate of its own, outside the search.',
      },
      { looks },
    );
  const { policy, development, baseline } = given;
  const own = [
    ...candidateRules([chosen], setting.metric),
    ...boundRules(policy, validationScores(given, chosen), 'in cross-validation'),
    ...limitRules(policy, chosen),
  ];
  const recipe = recipeSide(setting);
  const compared = baseline.kind === 'present' ? compareOutOfFold(setting, chosen, recipe, HARM_LEVEL) : null;
  const test = compared?.kind === 'compared' ? compared : null;
  const options = { ...setting.options, level: HARM_LEVEL };
  const against =
    test && chosen.outOfFold && recipe.outOfFold
      ? [
          ...maxGainRule(policy, test),
          ...sliceRules(
            policy,
            setting.metric,
            development.slices,
            chosen.outOfFold,
            recipe.outOfFold,
            options,
          ),
        ]
      : [];
  const rules = [...own, ...against];
  const broken = brokenRule(rules);
  if (broken) return decideBroken(broken, { rules, looks, decisive: test });
  return decision(
    'promote',
    'promoted-by-person',
    {
      sentence: `Promoted by ${who}: the reason is “${reason.replace(/\.$/, '')}”. ${candidate} was not tested for this.`,
      next: 'It is published as the next version; the evidence names who decided.',
    },
    { rules, looks, decisive: test },
  );
}
