/** The history as it stands at one moment. */
export interface LedgerSnapshot {
  /** Identifies this state for compare-and-swap; null where no history exists yet. */
  readonly head: string | null;
  /** Text of a file, or null where it is provably absent. */
  read(path: string): Promise<string | null>;
  /** Paths that begin with `prefix`, sorted by code point. */
  list(prefix: string): Promise<readonly string[]>;
}

export type AppendOutcome =
  { readonly kind: 'written'; readonly head: string } | { readonly kind: 'conflict' };

/**
 * The factory's history: small JSON files that are only ever added. One implementation keeps it on a branch, one in
 * a folder. Absence is never inferred from an error: a store that can't be read throws.
 */
export interface LedgerStore {
  open(): Promise<LedgerSnapshot>;
  /** Adds files if the history still stands at `head`; a conflict writes nothing. */
  append(head: string | null, files: ReadonlyMap<string, string>, message: string): Promise<AppendOutcome>;
}
