/** One file of a table that may have several, in the order of their rows. */
export interface Part {
  readonly file: string;
  readonly rows: number;
}

/** Where a table comes from, for messages. */
export interface Origin {
  /** What the configuration names: a file, or several at once. */
  readonly file: string;
  /** The files themselves where there is more than one. */
  readonly parts?: readonly Part[] | undefined;
}

/** File and number of a table's row there, both as a reader counts them; `row` counts from 0. */
export function placeOfRow({ file, parts = [] }: Origin, row: number): { file: string; row: number } {
  let first = 0;
  for (const part of parts) {
    if (row < first + part.rows) return { file: part.file, row: row - first + 1 };
    first += part.rows;
  }
  return { file, row: row + 1 };
}
