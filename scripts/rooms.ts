/**
 * The rooms of `src/` and what each may import. This table is the dependency rule: eslint enforces it and
 * `docs/architecture.md` draws it. `pure` rooms do no I/O; `exact` rooms must give the same bits on every machine.
 */
export const leaves = ['errors', 'numeric', 'contracts'];
const core = [...leaves, 'config', 'data', 'model', 'training', 'gate', 'registry', 'report'];

interface Room {
  readonly holds: string;
  readonly mayImport: readonly string[];
  readonly pure: boolean;
  readonly exact: boolean;
}

export const rooms: Readonly<Record<string, Room>> = {
  errors: { holds: 'what went wrong, where, how to mend it', mayImport: [], pure: true, exact: true },
  numeric: {
    holds: 'bit-exact elementary functions, sums, random numbers',
    mayImport: ['errors'],
    pure: true,
    exact: true,
  },
  contracts: {
    holds: 'the versioned documents that pass between steps',
    mayImport: ['errors'],
    pure: true,
    exact: true,
  },
  config: {
    holds: '`model-factory.yml`: schema, defaults, errors with line and column',
    mayImport: leaves,
    pure: true,
    exact: true,
  },
  data: {
    holds: 'tables in: CSV, Parquet, types, checks, fingerprint, row identity, splits',
    mayImport: [...leaves, 'config'],
    pure: true,
    exact: true,
  },
  model: {
    holds: 'the pipeline as data, ONNX writing and reading, scoring, card',
    mayImport: [...leaves, 'data'],
    pure: true,
    exact: true,
  },
  training: {
    holds: 'trainers, fits, cross-validation',
    mayImport: [...leaves, 'config', 'data', 'model'],
    pure: true,
    exact: true,
  },
  gate: {
    holds: 'metrics, statistics, rules, verdict',
    mayImport: [...leaves, 'config', 'data'],
    pure: true,
    exact: true,
  },
  registry: {
    holds: 'history, versions, champion',
    mayImport: leaves,
    pure: true,
    exact: true,
  },
  report: {
    holds: 'renderers from documents to Markdown and text',
    mayImport: [...leaves, 'gate'],
    pure: true,
    exact: false,
  },
  platform: {
    holds: 'adapters to the outside: runner, GitHub, git, files, threads',
    mayImport: [...leaves, 'registry'],
    pure: false,
    exact: false,
  },
  factory: {
    holds: 'the verbs as functions of documents and ports',
    mayImport: [...core, 'platform'],
    pure: false,
    exact: false,
  },
  actions: {
    holds: 'one folder per action: inputs, run',
    mayImport: [...leaves, 'config', 'report', 'platform', 'factory'],
    pure: false,
    exact: false,
  },
  cli: {
    holds: 'the same verbs from a terminal',
    mayImport: [...leaves, 'config', 'data', 'gate', 'registry', 'report', 'platform', 'factory'],
    pure: false,
    exact: false,
  },
};
