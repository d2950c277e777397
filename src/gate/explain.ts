/** A rule of the gate in plain language. */
export interface Explanation {
  /** As written in model-factory.yml or in a verdict. */
  readonly name: string;
  readonly summary: string;
  /** Paragraphs: what is compared, what follows, what to change. */
  readonly text: readonly string[];
}

const explanations: readonly Explanation[] = [
  {
    name: 'gate.metric',
    summary: 'The metric that ranks candidates and decides.',
    text: [
      'Default: log_loss for classes, rmse for numbers. They compare one loss for each row, so they decide with the ' +
        'fewest rows: accuracy needs two to five times as many, and ROC AUC does not see a wrong calibration.',
      'If the target has a few huge values, rmse decides nothing; mae does.',
    ],
  },
  {
    name: 'gate.promote.min-gain',
    summary: 'How much better a candidate must be to become champion.',
    text: [
      'The best candidate of cross-validation meets the baseline (champion) once on the test set (hold-out), row by ' +
        'row. It is promoted when the lower bound of its gain is above min-gain, at the level ' +
        '(1 - confidence) / looks: 0.001 for a confidence of 0.95 and 50 looks.',
      'The p-value is the larger of the paired t test and its skewness-corrected form by Hall: a candidate that is ' +
        'too sure of itself gains a little on most rows and loses hugely on few, which fools the plain test. ' +
        'Accuracy is tested by exact McNemar, ROC AUC by DeLong, other metrics by a paired bootstrap.',
      'With fewer than 2,000 rows, or 100 of the rarer class, there is no test set: the out-of-fold comparison decides ' +
        'at (1 - confidence) / (10 x candidates).',
    ],
  },
  {
    name: 'gate.promote.looks',
    summary: 'How many questions one test set (hold-out) may answer.',
    text: [
      'Each answer tells something about the test set, so the chance of a wrong promotion is shared among all of them. ' +
        'Default: 10 up to 20,000 rows, else 50.',
      'A look is spent only if the model is new and its gain in cross-validation is significant by itself ' +
        '(one-sided 5%). After the last one the verdict is undecided (holdout-spent) until as many unseen rows have ' +
        'arrived as the test set holds; they replace it. Its numbers are shown only with a promotion, so that nobody can tune to them.',
    ],
  },
  {
    name: 'gate.block.max-drop',
    summary: 'How much worse a change may make the model before it blocks.',
    text: [
      "On a pull request the baseline's own recipe is trained on the change's data and compared with the base side, " +
        'on the same folds and labels. It blocks if it is worse by more than max-drop and worse at all with 95% ' +
        'confidence, unless the best candidate is likely better. The same holds for the best candidate itself.',
      'Worse by more than max-drop but maybe by chance is undecided (may-be-worse), which passes unless ' +
        '`gate.undecided: block`.',
      'Default: 2% of the baseline for losses, 0.01 for accuracy and ROC AUC.',
    ],
  },
  {
    name: 'likely better',
    summary:
      'The best candidate beats the baseline in cross-validation, at 5% divided by the number of candidates.',
    text: [
      'The division pays for choosing the best of many: of 20 equal candidates one looks significantly better in 3 of ' +
        '10 cases. Merging does not promote; the default branch decides on the test set (hold-out).',
      'Out-of-fold rows are not independent, so their standard error is multiplied by sqrt(1 + k / (k - 1)) for k ' +
        'folds: 1.5 for five.',
    ],
  },
  {
    name: 'look',
    summary:
      "The winner's gain over the champion's recipe in cross-validation, before the test set is asked.",
    text: [
      'It must be significant by itself (one-sided 5%); otherwise the verdict is keep (cv-not-better) and no look is ' +
        'spent. For the same recipe on new data the released model is compared on rows that it never saw.',
    ],
  },
  {
    name: 'first run',
    summary: 'The first model must beat guessing the average.',
    text: [
      'Without a baseline (champion) the best candidate is compared with `dummy`, which always says the class ' +
        'frequencies or the mean, by the same test as any promotion; this spends no look. Floors and limits hold too.',
    ],
  },
  {
    name: 'gate.block.floor',
    summary: 'A metric must not be below this value.',
    text: [
      'Read in cross-validation on a pull request, on the test set (hold-out) before a promotion. The value itself is ' +
        'held against the floor, without a margin. A metric without a value breaks the rule.',
    ],
  },
  {
    name: 'gate.block.ceiling',
    summary: 'A metric must not be above this value.',
    text: ['As `gate.block.floor`, the other way round; for losses and errors.'],
  },
  {
    name: 'gate.block.max-gain',
    summary: 'A gain that is too good to be true blocks.',
    text: [
      'A sudden leap usually means that a feature knows the answer: a column filled in after the fact, a duplicate of ' +
        'the target, rows shared between training and test. Remove the feature (`data.drop`), or raise the limit in ' +
        'a reviewed change if the gain is honest.',
    ],
  },
  {
    name: 'gate.block.slices',
    summary: 'No group of rows may be harmed.',
    text: [
      'Each value of a named column, or each condition such as "age<30", is compared by itself. It blocks if the drop ' +
        "is larger than max-drop and significant after Holm's correction over all slices (5%). Slices with fewer than " +
        'min-rows rows, or 10 of their rarest class, are shown as undecided.',
    ],
  },
  {
    name: 'gate.block.limits',
    summary: 'Limits on size, speed and training time of the winner.',
    text: [
      'model-bytes: bytes of the published model. predict-ms-per-1k: time to score 1,000 rows, which varies between ' +
        'runners: leave room. train-minutes: all fits of the candidate. What was not measured does not meet a limit.',
    ],
  },
  {
    name: 'gate.undecided',
    summary: 'What an undecided verdict means for the check: pass (default) or block.',
    text: [
      'Undecided means that the data can not tell: too few rows, maybe worse, or a test set (hold-out) that is spent or ' +
        'changed. The verdict says what would settle it.',
    ],
  },
  {
    name: 'gate.baseline',
    summary: "Ends the champion's line.",
    text: [
      '`baseline: { restart: "<reason>", from: v1.3.0 }` on the default branch makes the next promotion a first run. ' +
        'Needed after the task, target, positive class or deciding metric changed: nothing can be compared then.',
    ],
  },
  {
    name: 'candidates',
    summary: 'Every candidate must be trained and scored.',
    text: [
      'One that failed, or whose metric is missing or not a number, blocks: a silent gap is never a pass. Read its log, ' +
        'repair it or remove it.',
    ],
  },
];

/** Every rule that can be explained, in the order of the configuration. */
export const explainedRules: readonly string[] = explanations.map(({ name }) => name);

/**
 * The explanation of a rule as a verdict or the configuration names it: `gate.block.floor.roc_auc`, `max-drop`,
 * `gate.block.slices: job=student`. Null for an unknown name.
 */
export function explainRule(rule: string): Explanation | null {
  const wanted = rule.replace(/[:(].*$/, '').trim();
  const fits = ({ name }: Explanation) =>
    wanted === name || wanted.startsWith(`${name}.`) || name.endsWith(`.${wanted.split('.')[0] ?? ''}`);
  return explanations.find(({ name }) => name === wanted) ?? explanations.find(fits) ?? null;
}
