import type { Fault } from '../errors/user-error.ts';
import { throwFaults, UserError } from '../errors/user-error.ts';
import { COMMA, POINT } from './csv/bytes.ts';
import { ColumnBuilder } from './csv/column-builder.ts';
import { MAX_FAULTS } from './csv/faults.ts';
import type { DecimalSign } from './csv/scanner.ts';
import type { Part } from './parts.ts';
import type { RawTable } from './raw-table.ts';

/** Collects the rows of files that have the same columns, each in an order of its own. */
export class TableBuilder {
  private readonly decimal: number;
  private readonly columns = new Map<string, ColumnBuilder>();
  private readonly files: Part[] = [];
  private first = '';

  constructor(decimal: DecimalSign = '.') {
    this.decimal = decimal === ',' ? COMMA : POINT;
  }

  /** Files that were read to their end. */
  get parts(): readonly Part[] {
    return this.files;
  }

  /**
   * The columns of one more file, in its own order.
   * @throws UserError DATA_COLUMN where it has other columns than the first file
   */
  columnsOf(names: readonly string[], file: string): ColumnBuilder[] {
    if (this.columns.size === 0) {
      this.first = file;
      for (const name of names) this.columns.set(name, new ColumnBuilder(this.decimal));
    }
    throwFaults(this.columnFaults(names, file).slice(0, MAX_FAULTS));
    return names.map((name) => this.columns.get(name)!);
  }

  /** To be called at the end of each file. */
  endFile(file: string, rows: number): void {
    this.files.push({ file, rows });
  }

  /** The table of all files. The builder is of no further use. @throws UserError DATA_TOO_SMALL without a row */
  finish(): RawTable {
    const rows = this.files.reduce((sum, part) => sum + part.rows, 0);
    if (rows === 0)
      throw new UserError({
        code: 'DATA_TOO_SMALL',
        message: 'The file has a header but no rows.',
        at: { file: this.first },
        fix: 'Check that the file was written completely.',
      });
    return { rows, columns: [...this.columns].map(([name, column]) => column.finish(name)) };
  }

  private columnFaults(names: readonly string[], file: string): Fault[] {
    const { first } = this;
    const found = new Set(names);
    const lacking = [...this.columns.keys()].filter((name) => !found.has(name));
    const more = names.filter((name) => !this.columns.has(name));
    const fix = 'Give all files of data.source the same columns, in any order, or leave this file out.';
    const fault = (name: string, message: string): Fault => {
      return { code: 'DATA_COLUMN', message, at: { file, line: 1, name }, fix };
    };
    return [
      ...lacking.map((name) => fault(name, `The file has no column "${name}", ${first} has.`)),
      ...more.map((name) => fault(name, `The file has a column "${name}", ${first} has none.`)),
    ];
  }
}
