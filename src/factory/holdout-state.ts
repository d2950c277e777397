import { isGiven } from '../config/schema.ts';
import { sha256 } from '../contracts/digest.ts';
import { hexOf } from '../data/identity.ts';
import type { Champion } from './champion.ts';
import type { Prepared } from './prepared.ts';

/** What became of the rows that the champion was tested on. */
export interface HoldoutState {
  /** Share of them that is gone or has another label today. */
  readonly changedShare: number;
  /** 12 hexadecimal digits that stand for exactly this state; rows that were added since don't count. */
  readonly digest: string;
}

type HoldoutRows = Pick<Prepared, 'identities' | 'labelChecks' | 'holdout' | 'config'>;

/**
 * Compares the champion's hold-out with today's, row by row. With a time split it is looked for among all rows: as the
 * data grows, what was asked becomes development.
 */
export function holdoutStateOf(
  { identities, labelChecks, holdout, config }: HoldoutRows,
  { holdout: then }: Pick<Champion, 'holdout'>,
): HoldoutState {
  const today = new Map<string, Set<number>>();
  const moves = config.data.time !== undefined && !isGiven(config.holdout);
  for (const row of moves ? labelChecks.keys() : holdout) {
    const key = hexOf(identities, row);
    today.set(key, (today.get(key) ?? new Set<number>()).add(labelChecks[row]!));
  }
  let changed = 0;
  const lines = Array.from(then.labelChecks, (label, row) => {
    const key = hexOf(then.identities, row);
    const labels = today.get(key);
    if (labels?.has(label)) return `${key} ${label}`;
    changed++;
    return `${key} ${labels ? [...labels].sort((a, b) => a - b).join(',') : 'gone'}`;
  });
  return {
    changedShare: then.rows === 0 ? 0 : changed / then.rows,
    digest: sha256(lines.sort().join('\n')).slice(0, 12),
  };
}
