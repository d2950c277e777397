import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../errors/user-error.ts';
import { choiceQuestion, type Interview } from './questions.ts';

/** Names the CSV file to begin with: the only one in the folder or its `data/`, or the one that is chosen. */
export async function chooseCsv(folder: string, interview: Interview): Promise<string> {
  const files = [...(await csvIn(folder, '')), ...(await csvIn(join(folder, 'data'), 'data/'))];
  const [first] = files;
  if (first === undefined)
    throw new UserError({
      code: 'DATA_MISSING',
      message: 'there is no CSV file in this folder, nor in data/',
      fix: 'Name one: model-factory init FILE.csv.',
    });
  if (files.length === 1) {
    interview.tell(`Found ${first}.`);
    return first;
  }
  const question = choiceQuestion('file', `Which CSV file: ${files.join(', ')}`, files, first);
  return interview.ask({ ...question, missing: `there are several CSV files: ${files.join(', ')}` });
}

async function csvIn(folder: string, prefix: string): Promise<string[]> {
  const entries = await readdir(folder).catch(() => []);
  const names = entries
    .map((name) => name.replace(/\.csv\.dvc$/i, '.csv'))
    .filter((name) => /\.csv$/i.test(name));
  return [...new Set(names)].sort().map((name) => prefix + name);
}
