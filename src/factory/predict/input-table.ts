import { nearest } from '../../config/nearest.ts';
import { findRawColumn, textOf, type RawColumn, type RawTable } from '../../data/raw-table.ts';
import type { ReadOptions } from '../../data/read-csv.ts';
import type { ColumnKind, Table } from '../../data/table.ts';
import { typeTable, type TypeOptions } from '../../data/types.ts';
import { throwFaults, UserError, type Fault } from '../../errors/user-error.ts';
import type { ModelInput } from '../../model/pipeline.ts';
import { requireData } from '../source/files.ts';
import { readFiles } from '../source/read.ts';

/** How a file is written, as under `data` in the configuration. */
export type FileFormat = Pick<
  ReadOptions & TypeOptions,
  'delimiter' | 'encoding' | 'decimal' | 'dates' | 'missing'
>;

/** Rows to predict: the model's inputs with the types that it expects, and columns to copy, as they are written. */
export interface InputTable {
  readonly table: Table;
  readonly copies: readonly Copy[];
}

/** A file, its name in messages and the option that named it. */
export interface NamedFile {
  readonly path: string;
  readonly shown: string;
  readonly option: '--data' | '--background';
}

export interface Copy {
  readonly name: string;
  readonly text: (row: number) => string;
}

const kinds: Readonly<Record<ModelInput['type'], ColumnKind>> = {
  number: 'numeric',
  boolean: 'boolean',
  date: 'date',
  category: 'categorical',
};

/**
 * Reads a CSV or Parquet file for a model. Columns that neither it nor `copied` names are ignored.
 * @throws UserError DATA_MISSING, DATA_COLUMN for missing columns and cells of another type, faults of reading
 */
export async function readInputTable(
  file: NamedFile,
  inputs: readonly ModelInput[],
  copied: readonly string[],
  format: FileFormat,
): Promise<InputTable> {
  const { path, shown, option } = file;
  await requireData(path, shown, `Check ${option}.`);
  const { raw } = await readFiles([{ path, shown }], format);
  throwFaults([
    ...inputs.flatMap(({ name }) => missingColumn(raw, name, shown, modelNeeds)),
    ...copied.flatMap((name) => missingColumn(raw, name, shown, withNames)),
  ]);
  const columns = inputs.map(({ name }) => findRawColumn(raw, name)!);
  const types = Object.fromEntries(inputs.map(({ name, type }) => [name, kinds[type]]));
  return {
    table: typed({ rows: raw.rows, columns }, { ...format, file: shown, types, typesOf: 'the model' }),
    copies: copied.map((name) => copyOf(findRawColumn(raw, name)!)),
  };
}

function copyOf(column: RawColumn): Copy {
  return { name: column.name, text: (row) => textOf(column, row) };
}

interface Wish {
  readonly who: string;
  /** What to do where the file has a column of nearly that name. */
  readonly near: (name: string, close: string) => string;
}

const modelNeeds: Wish = {
  who: 'the model needs a column',
  near: (name, close) => `If "${close}" is meant, rename it to "${name}" in the file.`,
};

const withNames: Wish = {
  who: '--with names a column',
  near: (_, close) => `Did you mean "${close}"?`,
};

function missingColumn(raw: RawTable, name: string, file: string, { who, near }: Wish): Fault[] {
  if (findRawColumn(raw, name)) return [];
  const names = raw.columns.map((column) => column.name);
  const close = nearest(name, names);
  return [
    {
      code: 'DATA_COLUMN',
      message: `${who} "${name}", which the file does not have`,
      at: { file, line: 1, name },
      fix:
        close === undefined
          ? `Add it; leave its cells empty where nothing is known. The file has ${names.slice(0, 12).join(', ')}.`
          : near(name, close),
    },
  ];
}

/** The table with the model's types; what can be done about a cell is said in the words of the command line. */
function typed(raw: RawTable, options: TypeOptions): Table {
  try {
    return typeTable(raw, options);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const fix = 'Correct the cell, or name it with --missing if it means "no value".';
    const [first = error, ...more] = [error, ...error.more].map(
      ({ code, message, at }) => new UserError({ code, message, at, fix }),
    );
    throw new UserError(first, more);
  }
}
