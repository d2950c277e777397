import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Where `python` with scikit-learn and LightGBM is: `$PYTHON_BIN`, or what `scripts/install-tools.sh` installs. */
export const pythonBin = process.env.PYTHON_BIN ?? join(root, '.tools', 'venv', 'bin');
export const python = join(pythonBin, 'python');

/** Without them a laptop leaves its tests out; CI must have it. */
export const pythonInstalled =
  existsSync(python) &&
  spawnSync(python, ['-c', 'import sklearn, skl2onnx, pandas, lightgbm, onnxmltools']).status === 0;
if (!pythonInstalled && process.env.CI)
  throw new Error('scikit-learn or LightGBM is missing: run scripts/install-tools.sh');
if (!pythonInstalled)
  console.warn('Skipping tests with scikit-learn and LightGBM: scripts/install-tools.sh installs it.');
