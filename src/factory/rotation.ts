import { isGiven } from '../config/schema.ts';
import type { Promotion } from '../contracts/ledger.ts';
import type { Epoch, Notice } from '../contracts/plan.ts';
import { hexesOf, hexOf } from '../data/identity.ts';
import type { Replacement } from '../gate/promotion-case.ts';
import type { History } from '../registry/history.ts';
import { epochAfter, newEpochNotice, type KnownRows } from './epoch.ts';
import { timesOf, type ListDraw } from './prepare.ts';
import type { Prepared } from './prepared.ts';

/** Listed rows that may be gone before a hold-out counts as lost. */
const lostAllowed = 0.01;

/** What becomes of the hold-out before the default branch asks it. */
export type Rotation =
  | { readonly kind: 'none' }
  /** Its looks are used and nothing can take its place yet. */
  | { readonly kind: 'waits'; readonly replacement: Replacement }
  | {
      readonly kind: 'due';
      readonly epoch: Epoch;
      readonly notice: Notice;
      /** Rows that the new one is listed from; undefined where the rule draws it. */
      readonly draw: ListDraw | undefined;
    };

export interface RotationRequest {
  readonly prepared: Prepared;
  readonly history: Pick<History, 'epoch' | 'looks'>;
  readonly champion: Promotion | null;
  /** Rows known at the first promotion of the epoch; null where it has none. Asked only when looks are used up. */
  readonly rowsAtStart: () => Promise<KnownRows | null>;
}

/**
 * Replaces a hold-out that has answered all its questions, once there are as many unseen rows as it holds. By identity:
 * development rows that arrived after the epoch's first promotion, as a list. By time: rows later than any that was
 * asked, which the rule draws by itself.
 */
export async function rotationOf(request: RotationRequest): Promise<Rotation> {
  const { prepared, history, champion } = request;
  const { epoch, holdout, settings, config } = prepared;
  if (history.epoch?.number !== epoch.number) return { kind: 'none' };
  if (champion?.epoch !== epoch.number && isLost(prepared)) return due(prepared, 'its listed rows are gone');
  if (holdout.length === 0 || history.looks.length < settings.looks) return { kind: 'none' };
  if (isGiven(config.holdout)) return { kind: 'waits', replacement: { kind: 'given' } };
  const reason =
    `the old test set had answered ${history.looks.length} of ${settings.looks} questions, ` +
    'and as many unseen rows have arrived as it held';
  if (config.data.time !== undefined) {
    const unseen = laterRows(prepared, config.data.time, history.looks);
    return unseen === holdout.length ? due(prepared, reason) : waits(unseen, holdout.length);
  }
  const known = await request.rowsAtStart();
  if (!known) return { kind: 'waits', replacement: { kind: 'no-promotion' } };
  const among = unseenRows(prepared, known);
  if (among.length < holdout.length) return waits(among.length, holdout.length);
  return due(prepared, reason, { among, count: holdout.length });
}

/** The latest time of a hold-out row; null without a time column. */
export function askedUntil({ config, dataset, holdout }: Prepared): number | null {
  if (config.data.time === undefined) return null;
  const times = timesOf(dataset.table, config.data.time);
  const latest = holdout.reduce((most, row) => (times[row]! > most ? times[row]! : most), -Infinity);
  return Number.isFinite(latest) ? latest : null;
}

function due({ epoch, config }: Prepared, reason: string, draw?: ListDraw): Rotation {
  return {
    kind: 'due',
    epoch: epochAfter(epoch, draw !== undefined),
    notice: newEpochNotice(reason, config.data.key !== undefined || draw !== undefined),
    draw,
  };
}

function waits(unseen: number, needed: number): Rotation {
  return { kind: 'waits', replacement: { kind: 'unseen-rows', unseen, needed } };
}

function laterRows(prepared: Prepared, time: string, looks: History['looks']): number {
  const last = looks.at(-1)?.until ?? null;
  if (last === null) return 0;
  const until = looks.reduce((latest, look) => Math.max(latest, look.until ?? last), last);
  const times = timesOf(prepared.dataset.table, time);
  return prepared.holdout.filter((row) => times[row]! > until).length;
}

/** Development rows whose unit has no row that was known or is in the hold-out. */
function unseenRows({ identities, units, development, holdout }: Prepared, known: KnownRows): Int32Array {
  const unitOf = (row: number): string => hexOf(units ?? identities, row);
  const knownRows = new Set([...hexesOf(known.development), ...hexesOf(known.holdout)]);
  const seen = new Set(Array.from(holdout, unitOf));
  for (const row of development) if (knownRows.has(hexOf(identities, row))) seen.add(unitOf(row));
  return development.filter((row) => !seen.has(unitOf(row)));
}

function isLost({ listed, units, identities, holdout }: Prepared): boolean {
  if (!listed) return false;
  const found = new Set(Array.from(holdout, (row) => hexOf(units ?? identities, row))).size;
  return found < (1 - lostAllowed) * listed.size;
}
