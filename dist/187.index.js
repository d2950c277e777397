export const id = 187;
export const ids = [187];
export const modules = {

/***/ 67187:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  addParquet: () => (/* binding */ addParquet)
});

// EXTERNAL MODULE: ./node_modules/hyparquet/src/metadata.js + 1 modules
var src_metadata = __webpack_require__(96367);
// EXTERNAL MODULE: ./node_modules/hyparquet/src/scan.js + 12 modules
var scan = __webpack_require__(73579);
// EXTERNAL MODULE: ./build/src/errors/user-error.js
var user_error = __webpack_require__(31397);
// EXTERNAL MODULE: ./build/src/data/csv/faults.js
var faults = __webpack_require__(47668);
// EXTERNAL MODULE: ./build/src/data/csv/header.js
var header = __webpack_require__(99240);
// EXTERNAL MODULE: ./build/src/data/csv/text-dictionary.js
var text_dictionary = __webpack_require__(40855);
;// CONCATENATED MODULE: ./build/src/data/parquet/cell-kind.js
const perSecond = { MILLIS: 1000n, MICROS: 1000000n, NANOS: 1000000000n };
/** What a column of that physical and logical type holds. */
function cellKindOf({ type, converted_type: old, logical_type: logical, num_children: children, repetition_type: repetition, scale = 0, }) {
    if (logical?.type === 'VARIANT')
        return refused('values of varying types');
    if (children !== undefined && children > 0)
        return refused(old === 'LIST' ? 'lists' : old === 'MAP' ? 'maps' : 'records');
    if (repetition === 'REPEATED')
        return refused('lists');
    if (logical?.type === 'DECIMAL')
        return { kind: 'decimal', scale: logical.scale };
    if (old === 'DECIMAL')
        return { kind: 'decimal', scale };
    if (logical?.type === 'TIMESTAMP')
        return { kind: 'timestamp', perSecond: perSecond[logical.unit], utc: logical.isAdjustedToUTC };
    if (logical?.type === 'TIME')
        return { kind: 'time', perSecond: perSecond[logical.unit] };
    if (logical?.type === 'UUID')
        return { kind: 'uuid' };
    if (logical?.type === 'FLOAT16')
        return { kind: 'half' };
    if (old === 'DATE' || logical?.type === 'DATE')
        return { kind: 'date' };
    if (old === 'TIMESTAMP_MILLIS')
        return { kind: 'timestamp', perSecond: perSecond.MILLIS, utc: true };
    if (old === 'TIMESTAMP_MICROS')
        return { kind: 'timestamp', perSecond: perSecond.MICROS, utc: true };
    if (old === 'TIME_MILLIS')
        return { kind: 'time', perSecond: perSecond.MILLIS };
    if (old === 'TIME_MICROS')
        return { kind: 'time', perSecond: perSecond.MICROS };
    if (logical?.type === 'GEOMETRY' || logical?.type === 'GEOGRAPHY')
        return refused('shapes on a map');
    if (old === 'BSON' || old === 'INTERVAL')
        return refused(`values of type ${old}`);
    return physicalKind(type, old?.startsWith('UINT_') ?? false, type === 'INT64' ? 64 : 32);
}
function physicalKind(type, unsigned, bits) {
    switch (type) {
        case 'BOOLEAN':
            return { kind: 'boolean' };
        case 'INT32':
        case 'INT64':
            return { kind: 'integer', bits: unsigned ? bits : null };
        // Timestamps of older writers, which hyparquet turns into nanoseconds.
        case 'INT96':
            return { kind: 'timestamp', perSecond: perSecond.NANOS, utc: false };
        case 'FLOAT':
        case 'DOUBLE':
            return { kind: 'float' };
        // Some writers leave it to the reader to know that bytes are text.
        case 'BYTE_ARRAY':
            return { kind: 'text' };
        default:
            return refused('bytes');
    }
}
function refused(what) {
    return { kind: 'refused', what };
}

// EXTERNAL MODULE: ./build/src/data/csv/long-decimal.js
var long_decimal = __webpack_require__(43509);
// EXTERNAL MODULE: ./build/src/data/dates.js
var dates = __webpack_require__(28103);
// EXTERNAL MODULE: ./build/src/data/raw-table.js
var raw_table = __webpack_require__(33277);
;// CONCATENATED MODULE: ./build/src/data/parquet/timestamps.js

const secondsPerDay = 86400n;
const nanosPerSecond = 1000000000n;
/**
 * How pandas writes a column of timestamps: without the time of day where all are midnight, else with as many digits of
 * a second (0, 3, 6 or 9) as the finest of them needs.
 * @param values ticks since 1970, `perSecond` of them a second
 */
function timestampFormat(values, perSecond, utc) {
    const perDay = secondsPerDay * perSecond;
    let isTimed = utc;
    let digits = 0;
    let step = perSecond;
    for (const value of values) {
        if (value % perDay === 0n)
            continue;
        isTimed = true;
        for (; value % step !== 0n; step /= 1000n)
            digits += 3;
    }
    return (value) => {
        const ofDay = ((value % perDay) + perDay) % perDay;
        const date = (0,dates/* formatDate */.Yq)(Number((value - ofDay) / perDay));
        return isTimed ? `${date} ${clockTime(ofDay, perSecond, digits)}${utc ? '+00:00' : ''}` : date;
    };
}
/** `hh:mm:ss` with `digits` of a second; without `digits` six where there are any. */
function clockTime(ticks, perSecond, digits) {
    const seconds = Number(ticks / perSecond);
    const nanos = ((ticks % perSecond) * nanosPerSecond) / perSecond;
    const kept = digits ?? (nanos === 0n ? 0 : 6);
    const fraction = String(nanos).padStart(9, '0').slice(0, kept);
    const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
    return parts.map((part) => String(part).padStart(2, '0')).join(':') + (kept > 0 ? `.${fraction}` : '');
}

;// CONCATENATED MODULE: ./build/src/data/parquet/cell-writer.js




/** From here on a CSV file's numbers are kept as they are written, see `ColumnBuilder`. */
const exactLimit = 1e15;
const encoder = new TextEncoder();
/** Adds a text as a CSV file would have it. */
function addAsWritten(column, text) {
    const bytes = encoder.encode(text);
    return column.add(bytes, 0, bytes.length);
}
/**
 * Adds values of a kind to a column as if they had been read from the CSV file that pandas writes of them, so that a row
 * keeps its identity when its file changes from one format to the other.
 */
function cellWriter(kind, column) {
    const write = (text) => addAsWritten(column, text);
    const whole = (value) => {
        const number = Number(value);
        if (Math.abs(number) >= exactLimit)
            return write(String(value));
        column.addNumber(number, 0);
        return 0;
    };
    switch (kind.kind) {
        case 'boolean':
            return (value) => write(value === true ? 'True' : 'False');
        case 'integer': {
            const { bits } = kind;
            return (value) => whole(bits === null ? integer(value) : BigInt.asUintN(bits, integer(value)));
        }
        case 'decimal':
            return (value) => (kind.scale === 0 ? whole(integer(value)) : addDecimal(column, value, kind.scale));
        case 'float':
            return (value) => addFloat(column, number(value));
        case 'half':
            return (value) => addFloat(column, halfFloat(bytesOf(value)));
        case 'date':
            return (value) => write((0,dates/* formatDate */.Yq)(number(value)));
        case 'time':
            return (value) => write(clockTime(integer(value), kind.perSecond));
        case 'uuid':
            return (value) => write(uuid(bytesOf(value)));
        case 'text':
            return (value) => {
                const bytes = bytesOf(value);
                return column.add(bytes, 0, bytes.length);
            };
    }
}
function addFloat(column, value) {
    if (Number.isNaN(value))
        return addAsWritten(column, '');
    if (!Number.isFinite(value))
        return addAsWritten(column, value > 0 ? 'inf' : '-inf');
    if (Object.is(value, -0))
        return addAsWritten(column, '-0.0');
    const isShortWhole = Number.isInteger(value) && Math.abs(value) < exactLimit;
    column.addNumber(value, isShortWhole ? 1 : raw_table/* SHORTEST */.tl);
    return 0;
}
function addDecimal(column, value, scale) {
    const unscaled = integer(value);
    const short = Number(unscaled);
    if (Math.abs(short) < exactLimit && scale < long_decimal/* powersOfTen */.p.length)
        column.addNumber(short / long_decimal/* powersOfTen */.p[scale], scale);
    else
        column.addNumber(Number(`${unscaled}e-${scale}`), raw_table/* SHORTEST */.tl);
    return 0;
}
/** The whole number of a 32-bit or 64-bit value, or of big-endian bytes in two's complement. */
function integer(value) {
    if (typeof value === 'bigint')
        return value;
    if (typeof value === 'number')
        return BigInt(value);
    const bytes = bytesOf(value);
    let all = 0n;
    for (const byte of bytes)
        all = (all << 8n) | BigInt(byte);
    return BigInt.asIntN(8 * bytes.length, all);
}
function number(value) {
    if (typeof value === 'number')
        return value;
    throw new Error(`a ${typeof value} where a number should be`);
}
function bytesOf(value) {
    if (value instanceof Uint8Array)
        return value;
    throw new Error(`a ${typeof value} where bytes should be`);
}
/** IEEE 754 binary16, little-endian. */
function halfFloat(bytes) {
    const bits = bytes[0] | (bytes[1] << 8);
    const exponent = (bits >> 10) & 0x1f;
    const fraction = bits & 0x3ff;
    const sign = bits & 0x8000 ? -1 : 1;
    if (exponent === 0)
        return sign * fraction * 5.960464477539063e-8;
    const view = new DataView(new ArrayBuffer(4));
    view.setUint32(0, ((exponent === 0x1f ? 0xff : exponent + 112) << 23) | (fraction << 13));
    return sign * view.getFloat32(0);
}
function uuid(bytes) {
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

// EXTERNAL MODULE: external "node:zlib"
var external_node_zlib_ = __webpack_require__(38522);
;// CONCATENATED MODULE: ./build/src/data/parquet/compressors.js

/** The ways of compressing that Node reads, beside Snappy; what unpacks to more than it says is refused. */
const compressors = {
    GZIP: (input, maxOutputLength) => (0,external_node_zlib_.gunzipSync)(input, { maxOutputLength }),
    BROTLI: (input, maxOutputLength) => (0,external_node_zlib_.brotliDecompressSync)(input, { maxOutputLength }),
    ZSTD: (input, maxOutputLength) => (0,external_node_zlib_.zstdDecompressSync)(input, { maxOutputLength }),
};

;// CONCATENATED MODULE: ./build/src/data/parquet/add-parquet.js









/**
 * Appends the rows of a Parquet file to a table, column by column; at most one column's values of one row group are in
 * memory beside the table, for timestamps all of the column's.
 * @throws UserError DATA_SYNTAX for a damaged file, DATA_COLUMN for columns that hold lists or records
 */
async function addParquet(table, from, file) {
    try {
        const metadata = await (0,src_metadata/* parquetMetadataAsync */.Ei)(from);
        const fields = fieldsOf(metadata);
        const names = fields.map(({ name }) => name.trim());
        (0,user_error/* throwFaults */.G3)([...(0,header/* nameFaults */.h)(names, file), ...fields.flatMap((field) => refusals(field, file))]);
        const columns = table.columnsOf(names, file);
        const physical = { ...metadata, schema: metadata.schema.map(withoutMeaning) };
        for (const [i, { name, kind }] of fields.entries())
            await addColumn(columns[i], { kind, name, file, from, metadata: physical });
        table.endFile(file, Number(metadata.num_rows));
    }
    catch (error) {
        if (error instanceof user_error/* UserError */.yo)
            throw error;
        throw unreadable(error, file);
    }
}
/** The columns at the top level of the file. */
function fieldsOf({ schema }) {
    const fields = [];
    for (let at = 1; at < schema.length; at = afterSubtree(schema, at))
        fields.push({ name: schema[at].name, kind: cellKindOf(schema[at]) });
    return fields;
}
function afterSubtree(schema, at) {
    let next = at + 1;
    for (let child = 0; child < (schema[at]?.num_children ?? 0); child++)
        next = afterSubtree(schema, next);
    return next;
}
/** The element with its physical type alone, so that values come as they are stored and nothing is rounded. */
function withoutMeaning(element) {
    const { name, type, type_length, repetition_type, num_children } = element;
    return {
        name,
        ...(type && { type }),
        ...(type_length !== undefined && { type_length }),
        ...(repetition_type && { repetition_type }),
        ...(num_children !== undefined && { num_children }),
    };
}
function refusals({ name, kind }, file) {
    if (kind.kind !== 'refused')
        return [];
    return [
        {
            code: 'DATA_COLUMN',
            message: `The column holds ${kind.what}: a model learns from single numbers, texts, dates and true or false.`,
            at: { file, name },
            fix: 'Write what matters of it into columns of their own, and leave this one out of the file.',
        },
    ];
}
async function addColumn(column, source) {
    const { kind, name, file } = source;
    let row = 0;
    const add = (values, write) => {
        for (let i = 0; i < values.length; i++) {
            row++;
            const value = values[i];
            const code = value === null || value === undefined ? addAsWritten(column, '') : write(value);
            if (code !== 0)
                (0,user_error/* throwFaults */.G3)([textFault(code, { file, row, name })]);
        }
    };
    if (kind.kind === 'timestamp') {
        const all = [];
        for await (const values of chunksOf(source))
            all.push(values);
        const format = timestampFormat(present(all), kind.perSecond, kind.utc);
        for (const values of all)
            add(values, (value) => addAsWritten(column, format(ticks(value))));
    }
    else if (kind.kind !== 'refused') {
        const write = cellWriter(kind, column);
        for await (const values of chunksOf(source))
            add(values, write);
    }
}
function* present(chunks) {
    for (const values of chunks)
        for (let i = 0; i < values.length; i++) {
            const value = values[i];
            if (value !== null && value !== undefined)
                yield ticks(value);
        }
}
function ticks(value) {
    if (typeof value === 'bigint')
        return value;
    throw new Error(`a ${typeof value} where a timestamp should be`);
}
/** The stored values of a column, one row group after the other. */
async function* chunksOf({ name, from, metadata }) {
    const options = {
        ...{ file: from, metadata, columns: [name], compressors: compressors },
        ...{
            utf8: false,
            useOffsetIndex: false,
            parsers: { timestampFromNanoseconds: (nanos) => nanos },
        },
    };
    const { ranges } = await (0,scan/* parquetScan */.Ik)(options);
    for (const range of ranges) {
        // A scan keeps what it read: each row group has one of its own.
        const { readColumn } = await (0,scan/* parquetScan */.Ik)(options);
        yield readColumn({ column: name, ...range });
    }
}
function textFault(code, at) {
    if (code === text_dictionary/* NUL_BYTE */.pb)
        return (0,faults/* nulByte */.ss)(at);
    return {
        code: 'DATA_ENCODING',
        message: 'The bytes of this cell are no text in UTF-8.',
        at,
        fix: 'Write the column as text, or leave it out of the file.',
    };
}
function unreadable(error, file) {
    const reason = error instanceof Error ? error.message : String(error);
    const codec = /unsupported compression codec: (\w+)/.exec(reason)?.[1];
    return new user_error/* UserError */.yo({
        code: 'DATA_SYNTAX',
        message: codec
            ? `The Parquet file is compressed with ${codec}, which is not read.`
            : `The Parquet file can not be read: ${reason.replace(/^parquet /, '')}.`,
        at: { file },
        fix: codec
            ? 'Write it with Snappy, which is what most writers do, or with gzip, Brotli or Zstandard.'
            : 'Check that it was written and transferred completely; pandas.read_parquet should be able to open it.',
        cause: error,
    });
}


/***/ })

};
