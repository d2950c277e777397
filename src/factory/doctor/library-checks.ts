import { commandTrainer } from '../../config/program.ts';
import { formatOf } from '../../model/scorer.ts';
import type { Prepared } from '../prepared.ts';
import { ok, type Finding } from './finding.ts';

/** Whether what scores other tools' models is at hand: a run learns it only after its programs have trained. */
export function libraryFindings(
  { settings, given }: Pick<Prepared, 'settings' | 'given'>,
  isInstalled: boolean,
): Finding[] {
  const isForeign = (model: string): boolean => {
    const bytes = given.bytes.get(given.files.get(model) ?? '');
    return bytes !== undefined && formatOf(bytes) === 'foreign-onnx';
  };
  const names = Object.entries(settings.candidates)
    .filter(
      ([, { trainer, predict, model }]) =>
        (trainer === commandTrainer && predict === undefined) || (model !== undefined && isForeign(model)),
    )
    .map(([name]) => name);
  if (names.length === 0) return [];
  const what = `onnxruntime-node, which scores ONNX files of other tools (${names.join(', ')})`;
  if (isInstalled) return [ok('configuration', `${what}, is installed here`)];
  return [
    {
      ...{ level: 'warn', check: 'configuration', message: `${what}, is not installed here` },
      fix:
        'npm install --no-save onnxruntime-node in the folder of the configuration or above; the jobs that train, ' +
        'judge, publish or deploy need the same step before the factory.',
    },
  ];
}
