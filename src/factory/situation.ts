import { judgeByPolicy, type PolicyEdit } from '../config/policy.ts';
import type { Config } from '../config/schema.ts';
import type { Promotion } from '../contracts/ledger.ts';
import type { Plan } from '../contracts/plan.ts';
import { UserError } from '../errors/user-error.ts';
import { readHistory, type History } from '../registry/history.ts';
import type { BaseCheckout } from './base-side.ts';
import { knownFolds } from './known-folds.ts';
import type { HistoryPorts } from './ports.ts';
import { prepare } from './prepare.ts';
import type { Prepared } from './prepared.ts';
import type { Project } from './project.ts';

/** The base side before anything is trained. */
export type BaseState =
  /** No base commit, or no champion whose recipe could be compared. */
  | { readonly kind: 'none' }
  | { readonly kind: 'config-missing' }
  | { readonly kind: 'unreadable'; readonly why: string; readonly fix: string }
  | { readonly kind: 'ready'; readonly commit: string; readonly prepared: Prepared };

/** All that is known before training: configuration that judges, data, history, base side. */
export interface Situation {
  readonly question: Plan['question'];
  readonly config: Config;
  readonly head: Prepared;
  readonly base: BaseState;
  readonly policyEdits: readonly PolicyEdit[];
  readonly policyCommit: string | null;
  readonly history: History;
  /** Null before the first promotion and where the configuration ends the champion's line. */
  readonly champion: Promotion | null;
}

const noHistory: History = { head: null, champion: null, epoch: null, looks: [] };

/**
 * Reads history, base side and data. In a pull request the policy is the base's, and the head's rows keep the folds
 * that they have on the base side.
 */
export async function assess(
  project: Project,
  question: Plan['question'],
  commit: string | null,
  checkout: BaseCheckout | null,
  history: HistoryPorts | null,
): Promise<Situation> {
  const head = project.loaded.config;
  const judged = checkout?.project
    ? judgeByPolicy(checkout.project.loaded.config, head)
    : { config: head, edits: [] };
  const { config, edits } = judged;
  const known = history ? await readHistory(await history.ledger.open(), config.model) : noHistory;
  const champion = lineOf(config, known.champion);
  const base = await readBase(checkout, champion, known);
  const ready = base.kind === 'ready' ? base.prepared : null;
  const prepared = await prepare({
    config,
    folder: project.folder,
    epoch: ready?.epoch ?? known.epoch,
    ...(ready && { knownFolds: knownFolds(ready) }),
  });
  return {
    question,
    config,
    head: prepared,
    base,
    policyEdits: edits,
    policyCommit: checkout?.project ? checkout.commit : commit,
    history: known,
    champion,
  };
}

/** `gate.baseline: { restart, from }` ends the line of exactly that version. */
function lineOf({ gate }: Config, champion: Promotion | null): Promotion | null {
  return champion && gate.baseline?.from === champion.version ? null : champion;
}

async function readBase(
  checkout: BaseCheckout | null,
  champion: Promotion | null,
  { epoch }: History,
): Promise<BaseState> {
  if (!checkout || !champion) return { kind: 'none' };
  if (!checkout.project) return { kind: 'config-missing' };
  const { loaded, folder } = checkout.project;
  try {
    const prepared = await prepare({ config: loaded.config, folder, epoch });
    return { kind: 'ready', commit: checkout.commit, prepared };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { kind: 'unreadable', why: `the base side can't be read: ${error.message}`, fix: error.fix };
  }
}
