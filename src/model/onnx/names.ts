/** Names of the graph's outputs. */
export const outputNames = { label: 'label', probabilities: 'probabilities', variable: 'variable' } as const;

/** Prefix of the values inside the graph. */
export const internal = 'model/';

/** The encoded matrix, and what the predictor makes of it before there are probabilities. */
export const features = `${internal}features`;
export const scores = `${internal}scores`;

const taken = new Set<string>(Object.values(outputNames));

function isTaken(name: string): boolean {
  let length = name.length;
  while (name[length - 1] === '_') length--;
  const bare = name.slice(0, length);
  return taken.has(bare) || bare.startsWith(internal);
}

/**
 * Name of the graph input for a column: the column's own, with one underscore more where it would meet the name of
 * an output or of a value inside (`label` -> `label_`, `label_` -> `label__`). `columnName` is its inverse.
 */
export function inputName(column: string): string {
  return isTaken(column) ? `${column}_` : column;
}

/** Name of the column behind a graph input. */
export function columnName(input: string): string {
  return isTaken(input) ? input.slice(0, -1) : input;
}
