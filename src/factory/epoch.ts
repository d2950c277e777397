import type { Config } from '../config/schema.ts';
import { canonicalJson, sha256 } from '../contracts/digest.ts';
import type { Epoch, Notice } from '../contracts/plan.ts';
import { firstSalt, identitiesOf, lostColumns, splitColumnsOf, vanishedShare } from '../data/identity.ts';
import type { RawTable } from '../data/raw-table.ts';

/** Share of the known rows that may vanish before the split counts as broken. */
const vanishedAllowed = 0.01;

/** Code of the notice that says why an epoch ended. */
export const newEpochCode = 'NEW_EPOCH';

export interface EpochRequest {
  readonly config: Pick<Config, 'model' | 'data' | 'holdout' | 'validation'>;
  readonly raw: RawTable;
  /** Rows in use. */
  readonly rows: Int32Array;
  /** Epoch that the history names; null begins the first one. */
  readonly known: Epoch | null;
  /** Identities of rows that the champion knew in that epoch, 16 bytes each. */
  readonly knownIdentities?: Uint8Array | undefined;
}

export interface EpochOutcome {
  readonly epoch: Epoch;
  /** Why the known epoch ended; null where it goes on, and for the first one. */
  readonly notice: Notice | null;
}

/**
 * The known epoch as long as its rule stands, no split column is lost and at most 1% of the rows that the champion knew
 * are gone; else the next one, with a new salt.
 */
export function continueEpoch({ config, raw, rows, known, knownIdentities }: EpochRequest): EpochOutcome {
  const { model, data, holdout, validation } = config;
  const { target, key = null, group = null, time = null } = data;
  const rule = canonicalJson({ holdout, key, group, time });
  const reason = known && endOf(known, rule, raw, rows, knownIdentities);
  if (known && reason === null) return { epoch: known, notice: null };
  const salt = known ? sha256(`${known.salt}/${rule}`).slice(0, 32) : firstSalt(model, validation.seed);
  const splitColumns = splitColumnsOf(raw, target, data.key);
  return {
    epoch: { number: (known?.number ?? 0) + 1, rule, salt, splitColumns },
    notice: reason === null ? null : newEpochNotice(reason, data.key !== undefined),
  };
}

function endOf(
  known: Epoch,
  rule: string,
  raw: RawTable,
  rows: Int32Array,
  knownIdentities: Uint8Array | undefined,
): string | null {
  if (known.rule !== rule) return 'the rule of the split changed';
  const lost = lostColumns(raw, known.splitColumns);
  if (lost.length > 0)
    return `the split rests on ${lost.length === 1 ? 'a column that is' : 'columns that are'} gone: ${lost.join(', ')}`;
  if (!knownIdentities) return null;
  const share = vanishedShare(knownIdentities, identitiesOf(raw, rows, known.splitColumns, known.salt));
  if (share <= vanishedAllowed) return null;
  return `${(100 * share).toFixed(1)}% of the rows that the champion knew are gone or have other values`;
}

function newEpochNotice(reason: string, hasKey: boolean): Notice {
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
