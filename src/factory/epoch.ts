import { isGiven, type Config } from '../config/schema.ts';
import { canonicalJson, sha256 } from '../contracts/digest.ts';
import type { Epoch, Notice } from '../contracts/plan.ts';
import { firstSalt, identitiesOf, lostColumns, splitColumnsOf, vanishedShare } from '../data/identity.ts';
import type { RawTable } from '../data/raw-table.ts';

/** Share of the known rows that may vanish before the split counts as broken. */
const vanishedAllowed = 0.01;

/** Code of the notice that says why an epoch ended. */
export const newEpochCode = 'NEW_EPOCH';

/** Identities of the rows of a promotion, 16 bytes each. */
export interface KnownRows {
  readonly development: Uint8Array;
  readonly holdout: Uint8Array;
}

export interface EpochRequest {
  readonly config: Pick<Config, 'model' | 'data' | 'holdout' | 'validation'>;
  readonly raw: RawTable;
  /** Rows in use. */
  readonly rows: Int32Array;
  /** Epoch that the history names; null begins the first one. */
  readonly known: Epoch | null;
  /** Those of them that `holdout.source` gives; null where the hold-out is drawn. */
  readonly given: Int32Array | null;
  /** Rows that the champion knew in that epoch. */
  readonly knownRows?: KnownRows | undefined;
}

export interface EpochOutcome {
  readonly epoch: Epoch;
  /** Why the known epoch ended; null where it goes on, and for the first one. */
  readonly notice: Notice | null;
}

/**
 * The known epoch as long as its rule stands, no split column is lost and at most 1% of the rows that the champion knew
 * are gone; else the next one, with a new salt. A given test set is never drawn anew, so it begins an epoch only when
 * none of its rows is left: otherwise a few changed rows would give the same test set new looks.
 */
export function continueEpoch(request: EpochRequest): EpochOutcome {
  const { config, raw, known } = request;
  const { model, data, validation } = config;
  const rule = splitRule(config);
  const reason = known && endOf(known, rule, request);
  if (known && reason === null) return { epoch: known, notice: null };
  const salt = known ? nextSalt(known, rule) : firstSalt(model, validation.seed);
  const splitColumns = splitColumnsOf(raw, data);
  return {
    epoch: { number: (known?.number ?? 0) + 1, rule, salt, splitColumns, listed: false },
    notice: reason === null ? null : newEpochNotice(reason, data.key !== undefined),
  };
}

/** The epoch after one whose hold-out is spent or gone, by the same rule and split columns. */
export function epochAfter(known: Epoch, listed: boolean): Epoch {
  return { ...known, number: known.number + 1, salt: nextSalt(known, known.rule), listed };
}

function nextSalt({ salt }: Epoch, rule: string): string {
  return sha256(`${salt}/${rule}`).slice(0, 32);
}

/**
 * JSON of what the sides depend on. Epochs are compared by it, so its bytes never change for an old configuration;
 * neither the path of a given test set nor a rebase is part of it.
 */
export function splitRule({ holdout, data }: Pick<Config, 'data' | 'holdout'>): string {
  const { key = null, group = null, time = null } = data;
  if (holdout === 'none') return canonicalJson({ holdout, key, group, time });
  const drawn = isGiven(holdout) ? 'source' : { fraction: holdout.fraction };
  return canonicalJson({ holdout: drawn, key, group, time });
}

function endOf(known: Epoch, rule: string, { raw, rows, given, knownRows }: EpochRequest): string | null {
  if (known.rule !== rule) return 'the rule of the split changed';
  const lost = lostColumns(raw, known.splitColumns);
  if (lost.length > 0)
    return `the split rests on ${lost.length === 1 ? 'a column that is' : 'columns that are'} gone: ${lost.join(', ')}`;
  if (!knownRows) return null;
  const vanished = (identities: Uint8Array, among: Int32Array): number =>
    vanishedShare(identities, identitiesOf(raw, among, known.splitColumns, known.salt));
  if (given)
    return vanished(knownRows.holdout, given) < 1
      ? null
      : 'none of the rows that the champion was tested on is in the test set any more';
  const share = vanished(Buffer.concat([knownRows.development, knownRows.holdout]), rows);
  if (share <= vanishedAllowed) return null;
  return `${(100 * share).toFixed(1)}% of the rows that the champion knew are gone or have other values`;
}

/** Says why an epoch began. */
export function newEpochNotice(reason: string, hasKey: boolean): Notice {
  return {
    code: newEpochCode,
    column: null,
    message:
      `Development rows and test set (hold-out) were drawn anew: ${reason}. ` +
      "The champion's recipe, fitted anew, stands in for the released model.",
    fix: hasKey
      ? null
      : 'Name a stable data.key, so that rows keep their side when columns or values change.',
  };
}
