import type { Recipe } from '../config/candidates.ts';
import type { CandidateConfig } from '../config/schema.ts';
import { sha256 } from '../contracts/digest.ts';
import type { Promotion } from '../contracts/ledger.ts';
import type { Notice, Plan } from '../contracts/plan.ts';
import { hexesOf, hexOf } from '../data/identity.ts';
import { readOnnx } from '../model/onnx/read.ts';
import type { Pipeline } from '../model/pipeline.ts';
import type { ReleaseStore } from '../registry/releases.ts';
import { modelInputs } from '../training/fit.ts';
import type { Predecessor } from '../training/update.ts';
import { readChampionModel, rowsKnownTo } from './champion.ts';
import { timesOf } from './prepare.ts';
import type { Prepared } from './prepared.ts';

/** The model that updates continue from with its bytes, or why there is none. */
export type UpdateState =
  | { readonly kind: 'none'; readonly why: string }
  | (Predecessor & { readonly kind: 'known'; readonly version: string; readonly model: Uint8Array });

/** Whether any candidate, or the champion's recipe, asks for a model to continue from. */
export function asksForUpdate(
  candidates: Readonly<Record<string, CandidateConfig>>,
  champion: Promotion | null,
): boolean {
  return champion?.recipe.update === true || Object.values(candidates).some(({ update }) => update === true);
}

/**
 * The champion as far as it can be continued on this data. What it has learnt from is told by the identities in its
 * release; with `time`, older rows count too, because the first window is never tested.
 * @throws UserError ASSET_MISSING, DIGEST_MISMATCH
 */
export async function predecessorOf(
  champion: Promotion | null,
  releases: ReleaseStore | null,
  prepared: Prepared,
): Promise<UpdateState> {
  const none = (why: string): UpdateState => ({ kind: 'none', why });
  if (!champion || !releases) return none('there is no baseline (champion) yet');
  const { version, recipe, format, epoch } = champion;
  if (format !== 'onnx' || recipe.pretrained) return none(`${version} was not trained by the factory`);
  if (epoch !== prepared.epoch.number) return none(`the rows were drawn anew since ${version}`);
  const model = await readChampionModel(champion, releases);
  const pipeline = readOnnx(model, version);
  const differs = differenceTo(pipeline, prepared);
  if (differs !== null) return none(`${version} ${differs}`);
  const known = new Set(hexesOf((await rowsKnownTo(champion, releases)).development));
  if (prepared.holdout.some((row) => known.has(hexOf(prepared.identities, row))))
    return none(`${version} has learnt from rows that are in the test set (hold-out) now`);
  const { trainer, params, seed } = recipe;
  return { kind: 'known', version, model, pipeline, trainer, params, seed, seen: seenRows(prepared, known) };
}

/** What of a model's interface is not today's. */
function differenceTo(pipeline: Pipeline, { dataset }: Prepared): string | null {
  const shown = (inputs: Pipeline['inputs']): string =>
    inputs
      .map(({ name, type }) => `${name} (${type})`)
      .sort()
      .join(', ');
  if (pipeline.task !== dataset.task || pipeline.classes.join('\n') !== dataset.classes.join('\n'))
    return 'has another task or other classes';
  if (shown(pipeline.inputs) !== shown(modelInputs(dataset))) return 'takes other columns';
  // Computed features are fitted with the model, and their recipes may have changed since.
  return dataset.engineered || pipeline.derived
    ? 'or this run has computed features (`features:`), and such models can not be continued'
    : null;
}

function seenRows({ dataset, development, identities, config }: Prepared, known: ReadonlySet<string>) {
  const seen = new Uint8Array(dataset.table.rows);
  for (const row of development) if (known.has(hexOf(identities, row))) seen[row] = 1;
  if (config.data.time === undefined) return seen;
  const times = timesOf(dataset.table, config.data.time);
  let last = -Infinity;
  for (const row of development) if (seen[row] === 1) last = Math.max(last, times[row]!);
  for (const row of development) if (times[row]! <= last) seen[row] = 1;
  return seen;
}

/** Whether a recipe continues from the predecessor; without one of its trainer it is fitted anew. */
export function continues(
  { predecessor }: Pick<Prepared, 'predecessor'>,
  { update, trainer }: Promotion['recipe'],
): boolean {
  return update === true && predecessor?.kind === 'known' && predecessor.trainer === trainer;
}

/** Says of a recipe that was to continue that it was fitted anew, and why. */
export function updateWarnings(prepared: Prepared, recipe: Promotion['recipe']): string[] {
  const { predecessor } = prepared;
  if (recipe.update !== true || !predecessor || continues(prepared, recipe)) return [];
  const why =
    predecessor.kind === 'none'
      ? predecessor.why
      : `the baseline (champion) ${predecessor.version} is a model of ${predecessor.trainer}`;
  return [`update: fitted anew, because ${why}.`];
}

/** Says above the fold that no update continues although there is a champion: a comparison of equals would look odd. */
export function updateNotices(
  { predecessor }: Pick<Prepared, 'predecessor'>,
  recipes: readonly Pick<Recipe, 'name' | 'update'>[],
  champion: Promotion | null,
): Notice[] {
  const names = recipes.filter(({ update }) => update === true).map(({ name }) => name);
  if (names.length === 0 || champion === null || predecessor?.kind !== 'none') return [];
  const message = `${names.join(', ')}: fitted anew instead of updated, because ${predecessor.why}.`;
  return [{ code: 'UPDATE_ANEW', column: null, message, fix: null }];
}

/** The predecessor as a plan names it. */
export function recordOf(state: UpdateState | null): Plan['predecessor'] {
  if (state?.kind !== 'known') return state;
  const { kind, version, model, trainer, params, seed, seen } = state;
  return { kind, version, modelSha256: sha256(model), trainer, params, seed, seenSha256: sha256(seen) };
}

/** The predecessor of a plan from what travelled with it. */
export function predecessorFrom(
  record: Plan['predecessor'],
  model: Uint8Array,
  seen: Uint8Array,
): UpdateState | null {
  if (record?.kind !== 'known') return record;
  const { kind, version, trainer, params, seed } = record;
  return { kind, version, model, pipeline: readOnnx(model, version), trainer, params, seed, seen };
}
