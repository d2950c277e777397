import { wordsOf } from '../../config/words.ts';
import { unpackFiles } from '../../model/archive.ts';
import type { Scorer } from '../../model/scorer.ts';
import type { ForeignModel } from '../foreign-scorer.ts';
import { readProgramPredictions } from './program-predictions.ts';
import { tableFile } from './tables.ts';
import { askProgram } from './ask.ts';
import { callOf, predictionsCsv, requirePredictions } from './program.ts';

/** A folder of files that only `predict` can read; the program starts anew for each question. */
export function opaqueScorer(
  archive: Uint8Array,
  name: string,
  { task, classes, inputs, folder, program }: ForeignModel,
): Scorer {
  const files = unpackFiles(archive, name);
  const line = program?.predict ?? null;
  if (!program || line === null) throw new Error(`${name} has no program that predicts`);
  const words = wordsOf(line);
  return {
    format: 'opaque',
    task,
    classes,
    inputs,
    score: (table, rows) => {
      if (rows.length === 0) return new Float64Array(0);
      const model = Object.fromEntries([...files].map(([path, content]) => [`model/${path}`, content]));
      return askProgram({
        files: { ...model, ...tableFile('in/rows', program.tables, { table, inputs, rows }) },
        call: (folders) =>
          callOf(words, program, folder, {
            FACTORY_IN: folders.in,
            FACTORY_OUT: folders.out,
            MODEL_DIR: folders.model,
          }),
        take: (folders) => {
          const bytes = requirePredictions(folders, words);
          return readProgramPredictions(bytes, predictionsCsv, rows.length, { task, classes });
        },
      });
    },
  };
}
