import { z } from 'zod';
import type { Recipe } from '../config/candidates.ts';
import { expandCandidates } from '../config/candidates.ts';
import { sourceName } from '../config/data-source.ts';
import { policyOf } from '../config/policy.ts';
import { commandTrainer } from '../config/program.ts';
import { canonicalJson, sha256 } from '../contracts/digest.ts';
import { featureText, featureType, type FeatureRecipe } from '../contracts/feature.ts';
import type { Config } from '../config/schema.ts';
import type { Promotion, RunRecord } from '../contracts/ledger.ts';
import type { Plan, PlannedCandidate, Pretrained } from '../contracts/plan.ts';
import { deriveSeed } from '../numeric/random.ts';
import type { Dataset } from '../training/dataset.ts';
import { trainingEngine } from '../training/engine.ts';
import { withinBudget } from './budget.ts';
import { costModel, timingsOf } from './cost.ts';
import { idleDropNotices } from './idle-drop.ts';
import type { Prepared } from './prepared.ts';
import { assignShards } from './shards.ts';
import { withRaces } from './search/races.ts';
import { continues, recordOf, updateNotices } from './predecessor.ts';
import { digestOf } from './pretrained/given.ts';
import { pretrainedNotices } from './pretrained/notice.ts';
import type { Situation } from './situation.ts';
import { factoryVersion } from './version.ts';

/** Name of the extra candidate that repeats the champion's recipe. */
export const championName = 'champion';

export interface PlanRequest {
  readonly configFile: string;
  readonly question: Plan['question'];
  readonly commit: string | null;
  readonly base: string | null;
  readonly policyCommit: string | null;
  readonly champion: Promotion | null;
  readonly maxShards: number;
  /** The newest run of the default branch: how long candidates took, and who was best. */
  readonly latestRun?: RunRecord | null;
  /** Fingerprints of those that an earlier plan of this run skipped; without it the budget decides. */
  readonly skip?: ReadonlySet<string> | null;
  /** Candidates whose result an earlier run has: no shard trains them. */
  readonly cached?: Plan['cached'];
}

/** Decides what is trained on what: candidates from the configuration, and the champion's recipe beside them. */
export function makePlan(prepared: Prepared, request: PlanRequest): Plan {
  const { config, settings, dataset } = prepared;
  const recipes = expandCandidates(settings.candidates, config.validation.seed);
  const planned = recipes.map((recipe) => plannedCandidate(prepared, recipe));
  const champion = request.champion && championCandidate(prepared, request.champion);
  const same = champion && planned.find(({ fingerprint }) => fingerprint === champion.fingerprint);
  const championRecipe = same ? same.name : (champion?.name ?? null);
  const size = {
    rows: prepared.development.length,
    features: Math.max(1, dataset.inputs.length + recipesOf(dataset).length),
    fits: prepared.folds.length + 1,
  };
  const cost = costModel(
    timingsOf(request.latestRun ?? null, size, size.rows / Math.max(1, dataset.table.rows)),
  );
  const msOf = (candidate: PlannedCandidate): number => cost(candidate, size);
  const chosen = choose(config, recipes, planned, { request, championRecipe, champion, msOf });
  const racing = withRaces(chosen, recipes, championRecipe, settings.rankingMetric);
  const all = champion && !same ? [...racing, champion] : racing;
  const kept = new Set(chosen.map(({ name }) => name));
  const { cached = [] } = request;
  const taken = new Set(cached.map(({ name }) => name));
  const { candidates, shards } = assignShards(
    all,
    taken,
    recipes,
    { maxShards: request.maxShards, resources: config.resources },
    msOf,
  );
  const { epoch, development, holdout } = prepared;
  return {
    schema: 'plan/1',
    model: config.model,
    configFile: request.configFile,
    question: request.question,
    task: dataset.task,
    classes: [...dataset.classes],
    positive: settings.positive,
    commit: request.commit,
    base: request.base,
    data: {
      source: sourceName(config.data.source),
      files: [...prepared.files],
      fingerprint: prepared.fingerprint,
      rows: prepared.totalRows,
      usedRows: dataset.table.rows,
      target: config.data.target,
      features: dataset.inputs.map(({ name, type }) => ({ name, type })),
      engineered: recipesOf(dataset).map((recipe) => ({
        name: recipe.name,
        type: featureType(recipe),
        definition: featureText(recipe),
      })),
      notices: [
        ...pretrainedNotices(recipes),
        ...updateNotices(prepared, recipes, request.champion),
        ...idleDropNotices(prepared),
        ...prepared.notices,
      ],
    },
    split: {
      epoch,
      digest: prepared.splitDigest,
      developmentRows: development.length,
      holdoutRows: holdout.length,
      folds: config.validation.folds,
      repeats: config.validation.repeats,
    },
    policy: { digest: sha256(canonicalJson(policyOf(config))), commit: request.policyCommit },
    config: z.record(z.string(), z.json()).parse(JSON.parse(JSON.stringify(config))),
    rankingMetric: settings.rankingMetric,
    metrics: [...settings.metrics],
    defaults: [...settings.defaults],
    candidates,
    skipped: planned
      .filter(({ name }) => !kept.has(name))
      .map((own) => {
        const { name, trainer, params, fingerprint } = own;
        return { name, trainer, params, fingerprint, predictedMs: msOf(own) };
      }),
    cached: [...cached],
    predecessor: recordOf(prepared.predecessor),
    championRecipe,
    shards,
  };
}

function recipesOf({ engineered }: Dataset): readonly FeatureRecipe[] {
  return engineered?.recipes ?? [];
}

/** Those of the planned candidates that the budget lets be trained. */
function choose(
  { budget }: Config,
  recipes: readonly Recipe[],
  planned: readonly PlannedCandidate[],
  given: {
    readonly request: PlanRequest;
    readonly championRecipe: string | null;
    readonly champion: PlannedCandidate | null;
    readonly msOf: (candidate: PlannedCandidate) => number;
  },
): PlannedCandidate[] {
  const { request, championRecipe, champion, msOf } = given;
  const { skip, latestRun } = request;
  if (skip) return planned.filter(({ fingerprint }) => !skip.has(fingerprint));
  const minutes = budget?.['train-minutes'] ?? Infinity;
  const searches = recipes.flatMap(({ configured, trainMinutes }) =>
    trainMinutes === null ? [] : [[configured, trainMinutes * 60_000] as const],
  );
  if (minutes === Infinity && searches.length === 0) return [...planned];
  const extra = champion?.name === championRecipe ? msOf(champion) : 0;
  const offers = planned.map((own, i) => ({
    ...{ name: own.name, configured: recipes[i]!.configured, ms: msOf(own) },
    ...{ required: own.name === championRecipe, proven: own.name === latestRun?.winner },
  }));
  const taken = withinBudget(offers, { totalMs: minutes * 60_000 - extra, searchMs: new Map(searches) });
  return planned.filter(({ name }) => taken.has(name));
}

function plannedCandidate(prepared: Prepared, recipe: Recipe): PlannedCandidate {
  const { name, trainer, params, program, given, members, update } = recipe;
  const seedOf = (own: string): number => deriveSeed(prepared.config.validation.seed, own);
  const pretrained = given && { ...given, sha256: digestOf(prepared.given, given) };
  const planned = {
    ...{ trainer, params, seed: seedOf(name) },
    ...recipeKind({
      ...{ program, pretrained, update },
      members: members?.map((member) => ({ ...member, seed: seedOf(member.name) })),
    }),
  };
  return { name, role: 'candidate', ...planned, fingerprint: fingerprintOf(prepared, planned), shard: 0 };
}

/** What a recipe has beside trainer, parameters and seed, as far as it has it. */
export function recipeKind({ program, pretrained, members, update }: Whence): Pick<Recorded, Kind> {
  return {
    ...(program && { program }),
    ...(pretrained && { pretrained }),
    ...(members && { members }),
    ...(update && { update }),
  };
}

type Recorded = Promotion['recipe'];
type Kind = 'program' | 'pretrained' | 'members' | 'update';
type Whence = { [Key in Kind]?: Recorded[Key] | undefined };

function championCandidate(prepared: Prepared, { recipe }: Promotion): PlannedCandidate {
  return {
    name: championName,
    role: 'champion',
    ...recipe,
    fingerprint: fingerprintOf(prepared, recipe),
    shard: 0,
  };
}

/**
 * Equal fingerprints give equal models: data, target, features, folds, trainer, parameters, seed and engine; of a program its
 * words and the files beside the configuration, where these aren't known the folder; of a pre-trained model its bytes;
 * of a composed candidate its members' recipes.
 */
export function fingerprintOf(prepared: Prepared, recipe: Promotion['recipe']): string {
  const { fingerprint, splitDigest, dataset, code, folder, config, epoch } = prepared;
  const { trainer, params, seed, program, pretrained, members } = recipe;
  const { task, classes, inputs } = dataset;
  const own = program && {
    run: program.run,
    predict: program.predict,
    env: program.env,
    tables: program.tables,
    code: code ?? folder,
  };
  const { target, time, group } = config.data;
  // The folds within the training rows follow from these.
  const inner = members && {
    salt: epoch.salt,
    columns: epoch.splitColumns,
    time,
    group,
    gap: config.validation.gap,
  };
  return sha256(
    canonicalJson({
      ...{ fingerprint, splitDigest, target, task, classes, inputs },
      ...{ trainer, params, seed, trainingEngine },
      program: own,
      weight: config.data.weight,
      features: computesFeatures(trainer, pretrained) ? dataset.engineered : undefined,
      ...(pretrained && { pretrained: pretrainedKey(pretrained) }),
      ...{ members, inner },
      ...(continues(prepared, recipe) && { predecessor: recordOf(prepared.predecessor) }),
    }),
  );
}

/** Whether the factory computes a candidate's features: a program, or a model from elsewhere, is given the columns. */
export function computesFeatures(trainer: string, pretrained: Pretrained | undefined): boolean {
  return trainer !== commandTrainer && pretrained === undefined;
}

/** Where the file lies changes nothing. */
function pretrainedKey({ sha256: digest, columns, classes }: Pretrained) {
  return { sha256: digest, columns, classes };
}

/**
 * Digest of all that a verdict depends on but the champion: data, split, configuration, candidates, the factory
 * itself. Equal digests and the same champion give the same verdict.
 */
export function inputsDigest({ data, split, config, candidates, skipped }: Plan): string {
  const trained = candidates.filter(({ role }) => role === 'candidate');
  const all = [...trained, ...skipped].map(({ fingerprint }) => fingerprint);
  // Who is skipped depends on how long others took, and that is no change.
  const fingerprints = skipped.length > 0 ? all.toSorted() : all;
  return sha256(
    canonicalJson({ files: data.files, split, config, fingerprints, trainingEngine, factoryVersion }),
  );
}

/** The plan for a situation; `base` = commit of the base side. */
export function planOf(
  situation: Situation,
  commit: string | null,
  base: string | null,
  maxShards: number,
  skip: ReadonlySet<string> | null = null,
  cached: Plan['cached'] = [],
): Plan {
  const { configFile, question, policyCommit, champion, head, latestRun } = situation;
  return makePlan(head, {
    ...{ configFile, question, commit, base, policyCommit, champion, maxShards, latestRun, skip, cached },
  });
}

/** The base side's own plan, to tell what changed; null where there is no base side to compare with. */
export function basePlanOf(situation: Situation): Plan | null {
  if (situation.base.kind !== 'ready') return null;
  return planOf({ ...situation, head: situation.base.prepared }, situation.base.commit, null, 1);
}
