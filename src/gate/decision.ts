import type { RuleOutcome, Verdict } from '../contracts/verdict.ts';
import type { Compared, NotCompared } from './comparison.ts';
import { reasonOf } from './rules.ts';
import { brokenSentence, type Sentence } from './sentence.ts';

/** What a question decides; the rest of the verdict follows from the case. */
export interface Decision {
  readonly conclusion: Verdict['conclusion'];
  readonly reason: Verdict['reason'];
  readonly sentence: Sentence;
  readonly rules: Verdict['rules'];
  readonly decisive: Compared | null;
  readonly looks: Verdict['looks'];
  readonly detectableGain: number | null;
  /** Null = the best candidate of cross-validation. */
  readonly winner: string | null;
}

/** A decision, with nothing else to tell unless given. */
export function decision(
  conclusion: Decision['conclusion'],
  reason: Decision['reason'],
  sentence: Sentence,
  more: Partial<Omit<Decision, 'conclusion' | 'reason' | 'sentence'>> = {},
): Decision {
  return {
    ...{ conclusion, reason, sentence },
    ...{ rules: [], decisive: null, looks: null, detectableGain: null, winner: null, ...more },
  };
}

/** Too little data for a comparison. */
export function insufficient(message: string): NotCompared {
  return { kind: 'not-compared', reason: 'insufficient-data', message };
}

/** A comparison that could not be made: too little data leaves it open, anything else blocks. */
export function decideNotCompared({ reason, message }: NotCompared, rules: Verdict['rules'] = []): Decision {
  if (reason === 'insufficient-data')
    return decision(
      'undecided',
      'insufficient-data',
      { sentence: `Too little data to decide: ${message}.`, next: 'Collect more rows, or use fewer folds.' },
      { rules },
    );
  return decision(
    'block',
    'failed',
    { sentence: `Blocked: the comparison failed: ${message}.`, next: 'Read the training log of that model.' },
    { rules },
  );
}

/** A hard rule is broken: block, in the rule's own words. */
export function decideBroken(
  broken: RuleOutcome,
  more: Partial<Pick<Decision, 'rules' | 'decisive' | 'detectableGain' | 'looks'>>,
): Decision {
  const note = broken.note.startsWith('broken on') ? `${broken.rule} is ${broken.note}` : broken.note;
  return decision('block', reasonOf(broken), brokenSentence(note, broken.rule), more);
}
