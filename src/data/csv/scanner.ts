import type { Place } from '../../errors/user-error.ts';
import { UserError } from '../../errors/user-error.ts';
import type { RawTable } from '../raw-table.ts';
import { TableBuilder } from '../table-builder.ts';
import { CR, joinBytes, LF, QUOTE } from './bytes.ts';
import type { ColumnBuilder } from './column-builder.ts';
import { FaultList, nulByte, openQuote, raggedRow, strayQuote } from './faults.ts';
import type { Header } from './header.ts';
import { readHeader } from './header.ts';
import { encodingFault } from './recognise.ts';
import { NUL_BYTE } from './text-dictionary.ts';

/** A longer field is taken for a quote that was never closed. */
const MAX_FIELD_BYTES = 1 << 20;

export type DecimalSign = '.' | ',';

export interface CsvOptions {
  /** Name of the file for messages. */
  readonly file: string;
  /** One ASCII character; detected from the header when it isn't given. */
  readonly delimiter?: string | undefined;
  /** The decimal sign of numbers; a point when it isn't given. */
  readonly decimal?: DecimalSign | undefined;
}

/**
 * A push parser for CSV (RFC 4180) in UTF-8: `push` bytes in chunks of any size, then `end`. Line ends
 * are LF, CRLF or CR; a byte order mark and blank lines are skipped; whether a field was quoted makes no difference.
 * Throws DATA_SYNTAX (up to ten faults at once), DATA_ENCODING, DATA_LFS_POINTER, DATA_DVC_POINTER, DATA_TOO_SMALL.
 */
export class CsvScanner {
  private readonly options: CsvOptions;
  private readonly table: TableBuilder;
  private readonly faults = new FaultList();
  private header: Header | undefined;
  private columns: ColumnBuilder[] = [];
  /** What is read and not yet understood: the beginning of the header, or of a field. */
  private bytes: Uint8Array = new Uint8Array(0);
  /** 1 where a byte ends an unquoted field, or is a quote. */
  private readonly special = new Uint8Array(256);
  private row = 1;
  private column = 0;
  private line = 1;
  /** Line where the current record begins. */
  private recordLine = 1;
  /** Index in `bytes` where the current line begins; negative when that part is gone. */
  private lineStart = 0;
  private scratch = new Uint8Array(256);

  /** @param table takes the rows; one of its own for a file that stands alone */
  constructor(options: CsvOptions, table: TableBuilder = new TableBuilder(options.decimal)) {
    this.options = options;
    this.table = table;
  }

  /** Reads on, and keeps a copy of the unfinished last field for the next call. */
  push(chunk: Uint8Array): void {
    this.take(joinBytes(this.bytes, chunk), false);
  }

  /** Reads the rest and returns the table with all rows so far. */
  end(): RawTable {
    this.endFile();
    return this.table.finish();
  }

  /** Reads the rest where other files follow. */
  endFile(): void {
    this.take(this.bytes, true);
    this.faults.throwIfAny();
    this.table.endFile(this.options.file, this.row - 1);
  }

  private take(bytes: Uint8Array, final: boolean): void {
    const done = this.header === undefined ? this.start(bytes, final) : this.scan(bytes, 0, final);
    this.lineStart -= done;
    this.bytes = bytes.slice(done);
  }

  /** Reads the header once it is complete, then what follows it. Returns the number of bytes dealt with. */
  private start(bytes: Uint8Array, final: boolean): number {
    const header = readHeader(bytes, final, this.options);
    if (header === undefined) return 0;
    this.header = header;
    this.columns = this.table.columnsOf(header.names, this.options.file);
    for (const byte of [header.delimiter, LF, CR, QUOTE]) this.special[byte] = 1;
    this.line = this.recordLine = 1 + header.lines;
    this.lineStart = header.end;
    return this.scan(bytes, header.end, final);
  }

  /** Reads whole fields from `from` on; returns the index of the first byte that isn't dealt with. */
  private scan(bytes: Uint8Array, from: number, final: boolean): number {
    const { special, columns, faults } = this;
    const { delimiter } = this.header!;
    const width = columns.length;
    const length = bytes.length;
    let at = from;
    while (at < length || (final && this.column > 0)) {
      let end = at;
      if (bytes[at] === QUOTE) end = this.quotedField(bytes, at, final);
      else {
        while (end < length && special[bytes[end]!] === 0) end++;
        const stray = end < length && bytes[end] === QUOTE ? end : -1;
        if (stray >= 0) end = this.terminator(bytes, end);
        if (isCut(bytes, end, final)) end = -1;
        else if (end === at && this.column === 0 && bytes[at] !== delimiter) {
          at = this.nextLine(bytes, at);
          continue;
        } else if (stray >= 0) faults.add(strayQuote(false, this.place(stray)));
        else if (this.column < width && faults.isEmpty) {
          const code = columns[this.column]!.add(bytes, at, end);
          if (code < 0) this.refuseText(code, bytes.subarray(at, end), this.place(at));
        }
      }
      if (end < 0) return this.keep(bytes, at);
      at = end;
      this.column++;
      if (at < length && bytes[at] === delimiter) at++;
      else {
        this.endRecord();
        at = this.nextLine(bytes, at);
      }
    }
    return at;
  }

  /** Reads a field between quotes; returns the index of its terminator, or -1 when the field isn't all there. */
  private quotedField(bytes: Uint8Array, start: number, final: boolean): number {
    let close = start;
    let doubled = 0;
    for (;;) {
      close = bytes.indexOf(QUOTE, close + 1);
      if (close < 0 && final) this.failOpenQuote('the file ends', start);
      if (close < 0 || isCut(bytes, close + 1, final)) return -1;
      if (bytes[close + 1] !== QUOTE) break;
      close++;
      doubled++;
    }
    const end = this.terminator(bytes, close + 1);
    if (isCut(bytes, end, final)) return -1;
    if (end > close + 1) this.faults.add(strayQuote(true, this.place(close + 1)));
    else if (this.column < this.columns.length && this.faults.isEmpty) {
      const text = doubled === 0 ? bytes.subarray(start + 1, close) : this.unescape(bytes, start + 1, close);
      const code = this.columns[this.column]!.add(text, 0, text.length);
      if (code < 0) this.refuseText(code, text, this.place(start));
    }
    this.countLines(bytes, start, close);
    return end;
  }

  /** Index of the delimiter or line end at or after `at`; quotes don't count. */
  private terminator(bytes: Uint8Array, at: number): number {
    let end = at;
    while (end < bytes.length && (this.special[bytes[end]!] === 0 || bytes[end] === QUOTE)) end++;
    return end;
  }

  private unescape(bytes: Uint8Array, start: number, end: number): Uint8Array {
    if (this.scratch.length < end - start) this.scratch = new Uint8Array((end - start) * 2);
    let length = 0;
    for (let i = start; i < end; i++) {
      if (bytes[i] === QUOTE) i++;
      this.scratch[length++] = bytes[i]!;
    }
    return this.scratch.subarray(0, length);
  }

  private countLines(bytes: Uint8Array, start: number, end: number): void {
    for (let i = start; i < end; i++) {
      if (bytes[i] === LF || (bytes[i] === CR && bytes[i + 1] !== LF)) {
        this.line++;
        this.lineStart = i + 1;
      }
    }
  }

  private endRecord(): void {
    const { column: found, row, recordLine: line, columns } = this;
    if (found !== columns.length)
      this.faults.add(raggedRow(found, columns.length, { file: this.options.file, line, row }));
    this.column = 0;
    this.row++;
  }

  private nextLine(bytes: Uint8Array, at: number): number {
    const next = bytes[at] === CR && bytes[at + 1] === LF ? at + 2 : at + 1;
    this.line++;
    this.recordLine = this.line;
    this.lineStart = next;
    return Math.min(next, bytes.length);
  }

  private keep(bytes: Uint8Array, at: number): number {
    if (bytes.length - at > MAX_FIELD_BYTES) this.failOpenQuote('the field is longer than 1 MB', at);
    return at;
  }

  private refuseText(code: number, text: Uint8Array, at: Place): void {
    if (code !== NUL_BYTE) throw new UserError(encodingFault(text, at));
    this.faults.add(nulByte(at));
  }

  private failOpenQuote(why: string, at: number): never {
    this.faults.add(openQuote(why, this.place(at)));
    throw this.faults.toError();
  }

  /** Where byte `at` stands; the column counts bytes. */
  private place(at: number): Place {
    const name = this.header?.names[this.column];
    return { file: this.options.file, line: this.line, column: at - this.lineStart + 1, row: this.row, name };
  }
}

/** Whether it takes more bytes to know how the field goes on that ends, as far as one can see, before `end`. */
function isCut(bytes: Uint8Array, end: number, final: boolean): boolean {
  return !final && (end >= bytes.length || (bytes[end] === CR && end + 1 === bytes.length));
}
