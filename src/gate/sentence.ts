import type { Verdict } from '../contracts/verdict.ts';
import type { Compared } from './comparison.ts';
import {
  changePhrase,
  counted,
  formatAgainst,
  formatCount,
  formatDifference,
  formatNumber,
  formatShare,
} from './format.ts';
import type { Metric } from './metrics/metric.ts';
import type { LockedHoldout, Replacement } from './promotion-case.ts';

/** The verdict in plain language, and what to do next. */
export interface Sentence {
  readonly sentence: string;
  readonly next: string;
}

type Champion = Verdict['champion'];

/** `the baseline (champion v1.3.0)` */
export function baselinePhrase(champion: Champion): string {
  return champion ? `the baseline (champion ${champion.version})` : 'the baseline (champion)';
}

/** Said whenever the released model itself can't be scored. */
export function standInPhrase(champion: Champion): string {
  if (champion?.standIn !== 'refitted') return '';
  return ` The split changed, so the champion's recipe, trained again on today's rows, stands in for it.`;
}

/** `log loss 0.2871 against 0.2893, 0.0022 better (plausibly 0.001 to 0.0034 better)` */
export function againstPhrase(metric: Metric, comparison: Compared): string {
  const { candidate, champion } = comparison;
  return `${metric.label} ${formatAgainst(candidate, champion)}, ${changePhrase(comparison)}`;
}

/** `on 32,950 validation rows` */
function onValidation({ rows }: Compared): string {
  return `on ${counted(rows, 'validation row')}`;
}

const OWN_RECIPE = "its recipe on this change's data";

/** May this merge? `who` = the best candidate's name, or null for the champion's own recipe. */
export const mergeSentences = {
  firstRun: (winner: string, metric: Metric, score: number | null): Sentence => ({
    sentence:
      `Nothing to compare with yet. After merge the best candidate, ${winner}, becomes v1.0.0 if it beats guessing ` +
      'and meets every floor' +
      `${score === null ? '' : ` (${metric.label} ${formatNumber(score)} in cross-validation)`}.`,
    next: 'Merge to release the first model.',
  }),
  likelyBetter: (winner: string, champion: Champion, metric: Metric, best: Compared): Sentence => ({
    sentence:
      `Likely better than ${baselinePhrase(champion)}: ${winner} has ${againstPhrase(metric, best)}, ` +
      `${onValidation(best)}.`,
    next: 'Merge: the default branch then decides on the test set (hold-out) whether it becomes champion.',
  }),
  unchanged: (champion: Champion, same: Compared): Sentence => ({
    sentence: `Unchanged: the recipe of ${baselinePhrase(champion)} predicts exactly the same ${onValidation(same)}.`,
    next: 'Merge if the rest of the change is wanted.',
  }),
  noWorse: (champion: Champion, metric: Metric, same: Compared, drop: number): Sentence => {
    const result = `${OWN_RECIPE} has ${againstPhrase(metric, same)}, ${onValidation(same)}`;
    if (same.upper < 0)
      return {
        sentence:
          `Worse than ${baselinePhrase(champion)}, but within the allowed drop: ${result}; ` +
          `a drop of at most ${formatDifference(drop)} is allowed.`,
        next: 'Merge if the change is worth it.',
      };
    const open =
      same.lower < -drop ? ` A drop of up to ${formatDifference(-same.lower)} can't be ruled out.` : '';
    return {
      sentence: `No worse than ${baselinePhrase(champion)}: ${result}.${open}`,
      next: 'Merge if the change is wanted.',
    };
  },
  worse: (
    who: string | null,
    champion: Champion,
    metric: Metric,
    harm: Compared,
    drop: number,
  ): Sentence => ({
    sentence:
      `Worse than ${baselinePhrase(champion)}: ${subject(who)} has ${againstPhrase(metric, harm)}, ` +
      `${onValidation(harm)}; a drop of at most ${formatDifference(drop)} is allowed.`,
    next: 'Find what this change takes away from the model, or raise gate.block.max-drop in a reviewed change.',
  }),
  mayBeWorse: (
    who: string | null,
    champion: Champion,
    metric: Metric,
    harm: Compared,
    settle: string | null,
  ): Sentence => ({
    sentence:
      `Undecided, maybe worse than ${baselinePhrase(champion)}: ${subject(who)} has ${againstPhrase(metric, harm)}, ` +
      `${onValidation(harm)}, but that can still be chance.`,
    next: settle ? `${capital(settle)}.` : 'More rows would settle it.',
  }),
};

function subject(who: string | null): string {
  return who === null ? OWN_RECIPE : `the best candidate, ${who},`;
}

/** Nothing was trained, because nothing changed that a verdict depends on. */
export const unchangedInputs: Readonly<Record<Verdict['question'], (champion: Champion) => Sentence>> = {
  merge: (champion) => ({
    sentence:
      'Unchanged: this change touches neither data, features, candidates nor rules of this model, ' +
      `so nothing was trained and ${baselinePhrase(champion)} stays.`,
    next: 'Merge if the rest of the change is wanted.',
  }),
  promote: (champion) => ({
    sentence:
      'Unchanged: data, features, candidates and rules are those of the last run, ' +
      `so nothing was trained and ${baselinePhrase(champion)} stays.`,
    next: 'Nothing. To train all the same, start the workflow by hand (workflow_dispatch).',
  }),
};
type SpentHoldout = Pick<LockedHoldout, 'looksUsed' | 'looksAllowed' | 'replacement'>;

interface ChangedHoldout {
  readonly changedShare: number;
  readonly state: string | null;
  readonly accepted: string | null;
}

/** Does it become champion? */
export const promotionSentences = {
  superseded: (champion: Champion): Sentence => ({
    sentence: `Nothing to do: ${baselinePhrase(champion)} already comes from a later commit.`,
    next: 'Nothing.',
  }),
  unchanged: (winner: string, champion: Champion): Sentence => ({
    sentence: `Nothing to do: ${winner} is ${baselinePhrase(champion)} itself, byte for byte.`,
    next: 'Nothing.',
  }),
  cvNotBetter: (winner: string, champion: Champion, metric: Metric, cv: Compared): Sentence => ({
    sentence:
      `${capital(baselinePhrase(champion))} stays: in cross-validation ${winner} is not clearly better than its recipe: ` +
      `${againstPhrase(metric, cv)}, ${onValidation(cv)}. The test set (hold-out) was not asked.`,
    next: 'Improve features, data or candidates; nothing was spent.',
  }),
  sameRecipe: (winner: string, champion: Champion): Sentence => ({
    sentence:
      `${capital(baselinePhrase(champion))} stays: its own recipe, ${winner}, is still the best one in cross-validation. ` +
      'The test set (hold-out) was not asked.',
    next: 'Improve features, data or candidates; nothing was spent.',
  }),
  askedBefore: (winner: string, champion: Champion): Sentence => ({
    sentence:
      `${capital(baselinePhrase(champion))} stays: this very model, ${winner}, was already tested and not found better. ` +
      'The test set (hold-out) was not asked again.',
    next: 'Improve features, data or candidates; nothing was spent.',
  }),
  notBetter: (winner: string, champion: Champion, rows: number, looks: Verdict['looks']): Sentence => ({
    sentence:
      `${capital(baselinePhrase(champion))} stays: ${winner} was not found better on the test set ` +
      `(hold-out, ${counted(rows, 'row')})${lookPhrase(looks)}.`,
    next:
      'Its numbers on the test set are shown only with a promotion, so that nobody can tune to them.' +
      fewLooksPhrase(looks),
  }),
  better: (
    winner: string,
    champion: Champion,
    metric: Metric,
    test: Compared,
    looks: Verdict['looks'],
  ): Sentence => ({
    sentence:
      `Promoted: ${winner} beats ${baselinePhrase(champion)} with ${againstPhrase(metric, test)}, ` +
      `on ${counted(test.rows, 'row')} of the test set (hold-out)${lookPhrase(looks)}.`,
    next: `It is published as the next version.${fewLooksPhrase(looks)}`,
  }),
  betterByValidation: (winner: string, champion: Champion, metric: Metric, test: Compared): Sentence => ({
    sentence:
      `Promoted on cross-validation: ${winner} beats ${baselinePhrase(champion)} with ${againstPhrase(metric, test)}, ` +
      `${onValidation(test)}. There are too few rows, in all or of the rarest class, for a separate test set (hold-out).`,
    next: 'It is published as the next version.',
  }),
  notBetterByValidation: (
    winner: string,
    champion: Champion,
    metric: Metric,
    test: Compared,
    detectable: number,
  ): Sentence => ({
    sentence:
      `${capital(baselinePhrase(champion))} stays: ${winner} is not clearly better in cross-validation, ` +
      `${againstPhrase(metric, test)}, ${onValidation(test)}.`,
    next: detectablePhrase(detectable, test.champion),
  }),
  firstRun: (winner: string, metric: Metric, test: Compared, holdout: boolean): Sentence => ({
    sentence:
      `First model: ${winner} becomes v1.0.0. ${capital(metric.label)} ${formatAgainst(test.candidate, test.champion)} ` +
      `for guessing the average, on ${counted(test.rows, 'row')} of ` +
      `${holdout ? 'the test set (hold-out)' : 'cross-validation; there are too few, in all or of the rarest class, for a separate test set'}.`,
    next: 'It is published and becomes the baseline (champion) for the next change.',
  }),
  /** `test` null = its numbers are of the hold-out and not shown. */
  notBetterThanDummy: (winner: string, metric: Metric, test: Compared | null): Sentence => ({
    sentence: test
      ? `No first model yet: ${winner} does not clearly beat guessing the average, ${metric.label} ` +
        `${formatAgainst(test.candidate, test.champion)} on ${counted(test.rows, 'row')}.`
      : `No first model yet: ${winner} does not clearly beat guessing the average on the test set (hold-out).`,
    next: 'Look for features that tell something about the target, or collect more rows.',
  }),
  holdoutChanged: ({ changedShare, state, accepted }: ChangedHoldout): Sentence => ({
    sentence:
      `Undecided: ${formatNumber(changedShare * 100, 2)}% of the test set (hold-out) was removed or relabelled since the ` +
      'baseline (champion) was released, so it no longer answers the same question.' +
      (accepted === null ? '' : ` \`holdout.rebase.to\` is ${accepted}, another state, and accepts nothing.`),
    next:
      'Restore the rows; or accept exactly this state in a reviewed change: ' +
      `add \`rebase: { reason: "<why>", to: "${state ?? ''}" }\` to \`holdout\`.`,
  }),
  holdoutSpent: (holdout: SpentHoldout): Sentence => ({
    sentence:
      `Undecided: the test set (hold-out) has answered ${counted(holdout.looksUsed, 'question')} of ${holdout.looksAllowed}; ` +
      'another answer could be luck.',
    next: replacementPhrase(holdout.replacement),
  }),
};

/** A hard rule is broken: said first, whatever the comparison says. */
export function brokenSentence(note: string, rule: string): Sentence {
  return {
    sentence: `Blocked: ${note.replace(/\.$/, '')}.`,
    next: `Repair the model, or change \`${rule.replace(/[ :(].*$/, '')}\` in a reviewed change.`,
  };
}

/** `This data can show gains of about 0.05 (11%).` */
export function detectablePhrase(gain: number, reference: number): string {
  const share = formatShare(gain, reference);
  return `This data can show gains of about ${formatDifference(gain)}${share ? ` (${share})` : ''}; more rows show smaller ones.`;
}

function replacementPhrase(replacement: Replacement | null): string {
  const anew = 'draw it anew with another `holdout.fraction` in a reviewed change';
  switch (replacement?.kind) {
    case 'unseen-rows':
      return (
        'It is replaced by unseen rows once there are as many as it holds: ' +
        `${formatCount(replacement.unseen)} of ${counted(replacement.needed, 'row')} so far.`
      );
    case 'given':
      return 'Put other rows into the file `holdout.source`, none of those that are in it: that is a new test set.';
    case 'no-promotion':
      return `No model was promoted with it, so nobody knows which rows are unseen: ${anew}.`;
    case undefined:
      return `Collect rows, or ${anew}.`;
  }
}

/** Said from 80% of the looks on; empty before. */
function fewLooksPhrase(looks: Verdict['looks']): string {
  if (!looks || looks.used < WARN_SHARE * looks.allowed) return '';
  const left = Math.max(0, looks.allowed - looks.used);
  return (
    ` The test set can answer ${left === 0 ? 'no more questions' : `only ${counted(left, 'more question')}`}; ` +
    'its replacement takes as many unseen rows as it holds.'
  );
}

/** Share of the looks from which verdict and report warn. */
const WARN_SHARE = 0.8;

function lookPhrase(looks: Verdict['looks']): string {
  if (!looks) return '';
  const warning =
    looks.used === looks.allowed
      ? ', the last one'
      : looks.used >= WARN_SHARE * looks.allowed
        ? ', nearly all'
        : '';
  return `; look ${looks.used} of ${looks.allowed}${warning}`;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
