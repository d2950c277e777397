import type { Plan } from '../contracts/plan.ts';
import type { Promotion } from '../contracts/ledger.ts';
import type { Verdict } from '../contracts/verdict.ts';
import type { PolicyEdit } from '../config/policy.ts';
import type { Baseline, Case, DevelopmentRows } from '../gate/case.ts';
import { isTrained } from '../gate/contestant.ts';
import type { Dependence } from '../gate/dependence.ts';
import { gatePolicy } from '../gate/policy.ts';
import type { Predictions } from '../gate/predictions.ts';
import { slicesOf } from '../gate/slices.ts';
import { numberIdentities } from '../data/identity-table.ts';
import { findColumn, selectRows } from '../data/table.ts';
import { alignByIdentity, pickIdentities, pickRows } from './alignment.ts';
import { takenBy } from './cache/taken.ts';
import type { BaseResult } from './base-side.ts';
import { allTestedRows, contestantsOf, testedRows, type ComparedRows } from './contestants.ts';
import type { Prepared } from './prepared.ts';
import type { TrainedCandidate } from './train.ts';

const msPerDay = 86_400_000;

/** What both questions are judged from. */
export interface JudgeInput {
  readonly prepared: Prepared;
  readonly plan: Plan;
  readonly trained: readonly TrainedCandidate[];
  readonly policyEdits: readonly PolicyEdit[];
  readonly now: Date;
}

/** The champion's recipe on the base side's data; `why` where it can't be had. */
export type BaseSide =
  | { readonly kind: 'trained'; readonly prepared: Prepared; readonly result: BaseResult }
  | { readonly kind: 'not-comparable'; readonly why: string; readonly fix: string };

/** The case of a pull request: everyone on the rows that head and base share, judged by the base's labels. */
export function mergeCase(
  input: JudgeInput,
  champion: Promotion | null,
  base: BaseSide | 'config-missing' | null,
): Case {
  const { prepared } = input;
  if (base === 'config-missing' || base === null || base.kind === 'not-comparable') {
    const baseline: Baseline =
      base === null ? { kind: 'none' } : base === 'config-missing' ? { kind: 'config-missing' } : base;
    return caseOf(input, allTestedRows(prepared), baseline, 0);
  }
  const { shared, baseline, changedLabels } = compareWithBase(prepared, base, champion, input.now);
  if (shared.positions.length === 0)
    return caseOf(input, allTestedRows(prepared), noSharedRows(prepared.config.data.key), 0);
  return caseOf(input, shared, baseline, changedLabels);
}

/** Every row differs in what identifies it. */
function noSharedRows(key: string | undefined): Baseline {
  return {
    kind: 'not-comparable',
    why:
      key === undefined
        ? 'no row has the same values as on the base side, so rows can not be paired'
        : `no row has the same ${key} as on the base side`,
    fix:
      key === undefined
        ? 'Name a stable data.key on the default branch first, then change the values.'
        : `Restore the values of ${key}, or name another data.key on the default branch first.`,
  };
}

/** The case of the default branch: everyone on all tested rows; the hold-out comes later, if it is asked at all. */
export function promotionCase(input: JudgeInput, baseline: Baseline): Case {
  const given = caseOf(input, allTestedRows(input.prepared), baseline, 0);
  // A program that leaves no model may compete in a pull request, but there is nothing to promote.
  const contestants = given.contestants.filter(
    ({ role, status, modelSha256 }) => role === 'champion' || !isTrained({ status }) || modelSha256 !== null,
  );
  return { ...given, contestants };
}

function compareWithBase(
  head: Prepared,
  { prepared: base, result }: Extract<BaseSide, { kind: 'trained' }>,
  champion: Promotion | null,
  now: Date,
): { shared: ComparedRows; baseline: Baseline; changedLabels: number } {
  const headRows = testedRows(head);
  const { first, second } = alignByIdentity(
    pickIdentities(head.identities, headRows),
    pickIdentities(base.identities, result.outOfFold.rows),
  );
  const baseRows = second.map((position) => result.outOfFold.rows[position]!);
  const y = Float64Array.from(baseRows, (row) => base.dataset.y[row]!);
  const changedLabels = first.filter((position, i) => head.dataset.y[headRows[position]!] !== y[i]).length;
  const { task, classes } = base.dataset;
  const outputs = Math.max(classes.length, 1);
  const p = pickRows(result.outOfFold.values, outputs, second);
  const outOfFold: Predictions = { task, classes: classes.length, rows: first.length, y, p };
  return {
    shared: { positions: first, y },
    changedLabels,
    baseline: {
      kind: 'present',
      record: champion && championRecord(champion, 'refitted', now),
      metrics: Object.fromEntries(Object.entries(result.metrics).map(([name, { mean }]) => [name, mean])),
      outOfFold,
      modelSha256: champion?.modelSha256 ?? null,
    },
  };
}

function caseOf(
  { prepared, plan, trained, policyEdits }: JudgeInput,
  compared: ComparedRows,
  baseline: Baseline,
  changedLabels: number,
): Case {
  const { config, settings, development, holdout } = prepared;
  return {
    model: plan.model,
    policy: gatePolicy(config.gate, settings),
    baseline,
    contestants: contestantsOf(prepared, plan, trained, compared),
    development: developmentRows(prepared, compared),
    rows: {
      total: prepared.totalRows,
      development: development.length,
      holdout: holdout.length,
      changedLabels,
    },
    policyEdits: [...policyEdits],
    cost: costOf(plan, trained),
    seed: config.validation.seed,
  };
}

/** What training cost this run: nothing for results that were made elsewhere. */
function costOf({ shards }: Plan, trained: readonly TrainedCandidate[]): Verdict['cost'] {
  const results = trained.map(({ result }) => result);
  return {
    trainMs: results.reduce((sum, { reuse, trainMs }) => sum + (reuse?.from ? 0 : trainMs), 0),
    jobs: Math.max(1, shards.length),
    taken: takenBy(results.flatMap(({ reuse }) => reuse?.from ?? [])),
  };
}

function developmentRows(prepared: Prepared, { positions }: ComparedRows): DevelopmentRows {
  const tested = testedRows(prepared);
  const rows = positions.map((position) => tested[position]!);
  const foldOf = new Int32Array(prepared.dataset.table.rows);
  prepared.folds.forEach(({ repeat, test }, fold) => {
    if (repeat === 0) for (const row of test) foldOf[row] = fold;
  });
  const slices = prepared.config.gate.block.slices;
  return {
    folds: prepared.folds.filter(({ repeat }) => repeat === 0).length,
    foldOf: rows.map((row) => foldOf[row]!),
    dependence: dependenceOf(prepared, rows),
    slices: slices ? slicesOf(selectRows(prepared.dataset.table, rows), slices.columns) : [],
  };
}

/** How the given rows hang together: by group, by time, or not at all. */
export function dependenceOf({ units, config, dataset }: Prepared, rows: Int32Array): Dependence {
  if (units) return { kind: 'grouped', groups: numberIdentities(units, rows).numbers };
  const time = config.data.time === undefined ? undefined : findColumn(dataset.table, config.data.time);
  if (!time || time.kind === 'categorical') return { kind: 'independent' };
  return { kind: 'ordered', times: Float64Array.from(rows, (row) => time.values[row]!) };
}

/** The champion as the verdict names it. */
export function championRecord(
  { version, candidate, recipe, at, commit }: Promotion,
  standIn: 'stored' | 'refitted',
  now: Date,
): NonNullable<Verdict['champion']> {
  const ageDays = Math.max(0, (now.getTime() - new Date(at).getTime()) / msPerDay);
  return { version, candidate, trainer: recipe.trainer, promotedAt: at, ageDays, commit, standIn };
}
