import { decodePredictions } from '../contracts/predictions.ts';
import type { Plan } from '../contracts/plan.ts';
import type { Verdict } from '../contracts/verdict.ts';
import { judgePullRequest } from '../gate/merge.ts';
import { judgeByPerson, type PersonalChoice } from '../gate/person.ts';
import { judgePromotion } from '../gate/promotion.ts';
import { UserError } from '../errors/user-error.ts';
import type { Git } from '../platform/git.ts';
import { trainBase, type BaseResult } from './base-side.ts';
import { mergeCase, type BaseSide, type JudgeInput } from './case.ts';
import { runAllFits } from './all-fits.ts';
import type { Champion } from './champion.ts';
import { withChampion } from './champion-code.ts';
import { testedRows } from './contestants.ts';
import { fingerprintOf } from './plan.ts';
import type { FactoryPorts } from './ports.ts';
import type { Prepared } from './prepared.ts';
import { canScore, incomparable, toPromotionCase, wouldEndLine } from './promotion-case.ts';
import { namingRareClass } from './rare-class.ts';
import type { Situation } from './situation.ts';
import type { TrainedCandidate } from './train.ts';

/** Answers the run's question from what was trained. */
export async function judge(
  situation: Situation,
  plan: Plan,
  trained: readonly TrainedCandidate[],
  ports: Pick<FactoryPorts, 'workers' | 'now' | 'history'>,
  git: Git,
  person: PersonalChoice | null,
): Promise<Verdict> {
  const { head: prepared, policyEdits, champion, history, question, replacement } = situation;
  const input: JudgeInput = { prepared, plan, trained, policyEdits, now: ports.now() };
  if (question === 'merge') {
    const base = await baseSide(situation, input, ports.workers);
    return namingRareClass(judgePullRequest(mergeCase(input, champion, base)), prepared);
  }
  return withChampion(situation, ports, git, async (loaded) => {
    const given = toPromotionCase({
      ...input,
      history,
      replacement,
      champion: loaded,
      standIn: loaded && (await standInOf(loaded, prepared, ports.workers)),
      superseded: await isSuperseded(plan.commit, champion?.commit ?? null, git),
    });
    return namingRareClass(person ? judgeByPerson(given, person) : judgePromotion(given), prepared);
  });
}

/** The champion's recipe, refitted on all development rows and asked about the hold-out, where itself can't be asked. */
async function standInOf(
  champion: Champion,
  prepared: Prepared,
  workers: FactoryPorts['workers'],
): Promise<Float64Array | null> {
  const { development, holdout } = prepared;
  if (canScore(champion, prepared) || holdout.length === 0) return null;
  const once = { ...prepared, folds: [{ repeat: 0, train: development, test: holdout }] };
  const [fits = []] = await runAllFits(once, [{ ...champion.promotion.recipe, refit: false }], workers);
  const [fit] = fits;
  if (fit?.kind === 'fitted') return fit.predictions;
  throw new UserError({
    code: 'TRAINING_FAILED',
    message: `the baseline's recipe, which stands in for the released model, can't be trained: ${fit?.message ?? ''}`,
    fix: "Mend it, or end the champion's line with gate.baseline.restart.",
  });
}

/** The champion's recipe on the base side; without a base commit, on the same data as the candidates. */
async function baseSide(
  { base, champion, head, policyEdits }: Situation,
  input: JudgeInput,
  workers: FactoryPorts['workers'],
): Promise<BaseSide | 'config-missing' | null> {
  if (!champion) return null;
  if (base.kind === 'config-missing') return 'config-missing';
  if (base.kind === 'unreadable') return { kind: 'not-comparable', why: base.why, fix: base.fix };
  const changed = incomparable(champion, input) ?? wouldEndLine(champion, policyEdits);
  if (changed) return changed;
  const prepared = base.kind === 'ready' ? base.prepared : head;
  const fingerprint = fingerprintOf(prepared, champion.recipe);
  const same = input.trained.find(({ result }) => result.fingerprint === fingerprint);
  const result = same?.predictions
    ? storedResult(prepared, same.predictions, same)
    : await trainBase(prepared, champion.recipe, workers);
  if (result) return { kind: 'trained', prepared, result };
  return {
    kind: 'not-comparable',
    why: `the baseline's recipe (${champion.recipe.trainer}) can't be trained on the base side's data`,
    fix: 'Mend the data of the base branch first.',
  };
}

/** Nothing that the recipe depends on has changed: the candidate's own predictions are the base side's. */
function storedResult(prepared: Prepared, predictions: Uint8Array, { result }: TrainedCandidate): BaseResult {
  const file = decodePredictions(predictions, `predictions/${result.candidate}`);
  return {
    outOfFold: { rows: testedRows(prepared), folds: file.folds, values: file.values },
    metrics: result.metrics,
  };
}

async function isSuperseded(
  commit: string | null,
  championCommit: string | null,
  git: Git,
): Promise<boolean> {
  if (commit === null || championCommit === null || commit === championCommit) return false;
  if ((await git.resolve(championCommit)) === null) return false;
  return git.isAncestor(commit, championCommit);
}
