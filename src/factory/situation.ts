import { judgeByPolicy, policyEdits, type PolicyEdit } from '../config/policy.ts';
import type { Config } from '../config/schema.ts';
import type { Promotion, RunRecord } from '../contracts/ledger.ts';
import type { Epoch, Notice, Plan } from '../contracts/plan.ts';
import { findColumn } from '../data/table.ts';
import { defaultMissing } from '../data/types.ts';
import { UserError } from '../errors/user-error.ts';
import { readHistory, readPromotions, readLatestRun, type History } from '../registry/history.ts';
import type { BaseCheckout } from './base-side.ts';
import { readChampionModel, rowsKnownTo } from './champion.ts';
import { requireFittingTask } from './fitting-task.ts';
import { knownFolds } from './known-folds.ts';
import type { HistoryPorts } from './ports.ts';
import { prepare } from './prepare.ts';
import { asksForUpdate, predecessorOf } from './predecessor.ts';
import { withModel } from './pretrained/given.ts';
import { rotationOf } from './rotation.ts';
import type { Replacement } from '../gate/promotion-case.ts';
import type { ReleaseStore } from '../registry/releases.ts';
import type { LedgerSnapshot } from '../registry/store.ts';
import type { Prepared } from './prepared.ts';
import type { Sides } from './sides.ts';

/** The base side before anything is trained. */
export type BaseState =
  /** No base commit, or no champion whose recipe could be compared. */
  | { readonly kind: 'none' }
  | { readonly kind: 'config-missing' }
  | { readonly kind: 'unreadable'; readonly why: string; readonly fix: string }
  | ReadyBase;

export interface ReadyBase {
  readonly kind: 'ready';
  readonly commit: string;
  /** Folder that the base side's data paths are relative to. */
  readonly folder: string;
  readonly prepared: Prepared;
}

/** All that is known before training: configuration that judges, data, history, base side. */
export interface Situation {
  /** Path of the configuration, as plans name it. */
  readonly configFile: string;
  readonly question: Plan['question'];
  readonly config: Config;
  readonly head: Prepared;
  readonly base: BaseState;
  readonly policyEdits: readonly PolicyEdit[];
  readonly policyCommit: string | null;
  readonly history: History;
  /** Null before the first promotion and where the configuration ends the champion's line. */
  readonly champion: Promotion | null;
  /** The newest run of the default branch. */
  readonly latestRun: RunRecord | null;
  /** What a spent hold-out waits for; null as long as looks are left. */
  readonly replacement: Replacement | null;
}

const noHistory: History = { head: null, champion: null, epoch: null, looks: [], listed: null };

/**
 * Reads history, base side and data. In a pull request the policy is the base's, and the head's rows keep the folds
 * that they have on the base side.
 */
export async function assess(
  { project, checkout, commit, configPath }: Sides,
  question: Plan['question'],
  history: HistoryPorts | null,
): Promise<Situation> {
  const own = project.loaded.config;
  const judging = checkout?.project?.loaded.config ?? null;
  const config = judging ? judgeByPolicy(judging, own) : own;
  const snapshot = history && (await history.ledger.open());
  const known = snapshot ? await readHistory(snapshot, config.model) : noHistory;
  const champion = lineOf(config, known.champion);
  const latestRun = snapshot && (await readLatestRun(snapshot, config.model));
  const base = await readBase(checkout, champion, known);
  const sides =
    base.kind === 'ready'
      ? await prepareBeside(base, config, project.folder)
      : {
          base,
          ...(snapshot && question === 'promote'
            ? await prepareToAsk(config, project.folder, known, snapshot, history.releases)
            : { head: await prepare({ config, folder: project.folder, ...splitOf(known) }) }),
        };
  requireFittingTask(project.loaded, sides.head);
  const given =
    champion?.recipe.pretrained && history && (await readChampionModel(champion, history.releases));
  const asked = asksForUpdate(own.candidates ?? {}, champion);
  const give = async (side: Prepared): Promise<Prepared> => ({
    ...side,
    ...(given && { given: withModel(side.given, given) }),
    ...(asked && { predecessor: await predecessorOf(champion, history?.releases ?? null, side) }),
  });
  return {
    configFile: configPath,
    question,
    config,
    replacement: null,
    ...sides,
    head: await give(sides.head),
    base:
      sides.base.kind === 'ready' ? { ...sides.base, prepared: await give(sides.base.prepared) } : sides.base,
    policyEdits: judging ? policyEdits(judging, own, { ...sides.head.facts, missing: defaultMissing }) : [],
    policyCommit: judging && checkout ? checkout.commit : commit,
    history: known,
    champion,
    latestRun,
  };
}

/**
 * The data as the default branch asks it: a new epoch begins when too many of the champion's rows are gone, or when the
 * hold-out is spent and can be replaced.
 */
async function prepareToAsk(
  config: Config,
  folder: string,
  known: History,
  snapshot: LedgerSnapshot,
  releases: ReleaseStore,
): Promise<{ head: Prepared; replacement: Replacement | null }> {
  const champion = lineOf(config, known.champion);
  const knownRows =
    champion && champion.epoch === known.epoch?.number ? await rowsKnownTo(champion, releases) : undefined;
  const head = await prepare({ config, folder, ...splitOf(known), knownRows });
  const rotation = await rotationOf({
    ...{ prepared: head, history: known, champion },
    rowsAtStart: async () => {
      const promotions = await readPromotions(snapshot, config.model);
      const first = promotions.find(({ epoch }) => epoch === known.epoch?.number);
      return first ? rowsKnownTo(first, releases) : null;
    },
  });
  if (rotation.kind === 'none') return { head, replacement: null };
  if (rotation.kind === 'waits') return { head, replacement: rotation.replacement };
  const { epoch, draw, notice } = rotation;
  const rotated = await prepare({ config, folder, epoch, draw });
  return { head: { ...rotated, notices: [notice, ...rotated.notices] }, replacement: null };
}

function splitOf({ epoch, listed }: History): Pick<History, 'epoch' | 'listed'> {
  return { epoch, listed };
}

/**
 * The head's data with the base side's folds. Where the head lost columns that identify rows, both sides are prepared
 * again and identify rows by the columns that both have.
 */
async function prepareBeside(
  base: ReadyBase,
  config: Config,
  folder: string,
): Promise<{ base: ReadyBase; head: Prepared }> {
  const beside = (side: Prepared, epoch: Epoch) =>
    prepare({ config, folder, epoch, listed: side.listed, knownFolds: knownFolds(side) });
  const { epoch, listed } = base.prepared;
  const head = await beside(base.prepared, epoch);
  const splitColumns = epoch.splitColumns.filter((name) => findColumn(head.dataset.table, name));
  const lost = epoch.splitColumns.filter((name) => !splitColumns.includes(name));
  if (lost.length === 0 || splitColumns.length === 0) return { base, head };
  const common = { ...head.epoch, splitColumns };
  const prepared = await prepare({
    config: base.prepared.config,
    folder: base.folder,
    epoch: common,
    listed,
  });
  const paired = await beside(prepared, common);
  const notices = [pairedNotice(lost), ...paired.notices];
  return { base: { ...base, prepared }, head: { ...paired, notices } };
}

function pairedNotice(lost: readonly string[]): Notice {
  return {
    code: 'PAIRED_BY_OTHER_COLUMNS',
    column: null,
    message:
      `The file no longer has ${lost.join(', ')}: rows are paired with the base side by the other columns. ` +
      'After merge development rows and test set (hold-out) are drawn anew.',
    fix: 'Name a stable data.key, so that rows keep their side when columns change.',
  };
}

/** `gate.baseline: { restart, from }` ends the line of exactly that version. */
function lineOf({ gate }: Config, champion: Promotion | null): Promotion | null {
  return champion && gate.baseline?.from === champion.version ? null : champion;
}

async function readBase(
  checkout: BaseCheckout | null,
  champion: Promotion | null,
  known: History,
): Promise<BaseState> {
  if (!checkout || !champion) return { kind: 'none' };
  if (!checkout.project) return { kind: 'config-missing' };
  const { loaded, folder } = checkout.project;
  try {
    const prepared = await prepare({ config: loaded.config, folder, ...splitOf(known) });
    return { kind: 'ready', commit: checkout.commit, folder, prepared };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { kind: 'unreadable', why: `the base side can't be read: ${error.message}`, fix: error.fix };
  }
}
