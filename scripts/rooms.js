/**
 * The rooms of `src/` and what each may import. This table is the dependency rule: eslint enforces it and
 * `docs/architecture.md` draws it. `pure` rooms do no I/O; `exact` rooms must give the same bits on every machine.
 */
const leaves = ['errors', 'numeric', 'contracts'];
const core = [...leaves, 'config', 'data', 'model', 'training', 'gate', 'registry', 'report'];

export const rooms = {
  errors: { mayImport: [], pure: true, exact: true },
  numeric: { mayImport: ['errors'], pure: true, exact: true },
  contracts: { mayImport: ['errors'], pure: true, exact: true },
  config: { mayImport: leaves, pure: true, exact: true },
  data: { mayImport: [...leaves, 'config'], pure: true, exact: true },
  model: { mayImport: [...leaves, 'data'], pure: true, exact: true },
  training: { mayImport: [...leaves, 'config', 'data', 'model'], pure: true, exact: true },
  gate: { mayImport: [...leaves, 'config', 'data'], pure: true, exact: true },
  registry: { mayImport: [...leaves, 'config'], pure: true, exact: true },
  report: { mayImport: [...leaves, 'config', 'gate'], pure: true, exact: false },
  platform: { mayImport: [...leaves, 'registry'], pure: false, exact: false },
  factory: { mayImport: [...core, 'platform'], pure: false, exact: false },
  actions: { mayImport: [...core, 'platform', 'factory'], pure: false, exact: false },
  cli: { mayImport: [...core, 'platform', 'factory'], pure: false, exact: false },
};
