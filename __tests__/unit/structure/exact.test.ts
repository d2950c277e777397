import { describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import ts from 'typescript';
import { kernelBytes as neighbourKernel } from '../../../src/model/neighbours/kernel-bytes.ts';
import { kernelBytes as boostingKernel } from '../../../src/training/boosting/kernel-bytes.ts';
import { kernelBytes as linearKernel } from '../../../src/training/linear/kernel-bytes.ts';
import { kernelBytes as netKernel } from '../../../src/training/net/kernel-bytes.ts';
import { rooms } from '../../../scripts/rooms.ts';
import { inexactIn, packagesOf } from './inexact.ts';
import { filesBelow, root } from './sources.ts';

/** The part of the engine's API that is used; Node's types leave it out. */
declare const WebAssembly: {
  readonly Module: { new (bytes: Uint8Array): object; imports(module: object): unknown };
};

const exactRooms = Object.entries(rooms).filter(([, { exact }]) => exact);
const files = exactRooms
  .flatMap(([room]) => filesBelow(`src/${room}`))
  .filter((file) => file.endsWith('.ts'));
const { options } = ts.parseJsonConfigFileContent(
  ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path)).config,
  ts.sys,
  root,
);

/**
 * What comes from packages. Whatever is new has to be looked at: does it sum in a fixed order, take a power, ask a clock?
 * hyparquet's decimals do take a power of 10; `src/data/parquet` reads the whole numbers behind them instead.
 */
const known = [
  ...['hyparquet: parquetMetadataAsync', 'hyparquet: parquetScan'],
  ...['node:buffer: isUtf8', 'node:crypto: createHash', 'node:crypto: createHmac', 'node:crypto: hash'],
  ...['node:zlib: brotliDecompressSync', 'node:zlib: gunzipSync', 'node:zlib: zstdDecompressSync'],
  ...['simple-statistics: mean', 'simple-statistics: quantileSorted'],
  ...['yaml: LineCounter', 'yaml: isMap', 'yaml: isScalar', 'yaml: parseDocument', 'yaml: visit', 'zod: z'],
];

/** What is found in each of some modules. */
function foundIn(modules: readonly string[]): string[][] {
  const names = modules.map((_, i) => join(root, `src/numeric/sample-${i}.ts`));
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.getSourceFile = (path, ...rest) =>
    names.includes(path)
      ? ts.createSourceFile(
          path,
          `${modules[names.indexOf(path)]!};\nexport {};`,
          ts.ScriptTarget.ESNext,
          true,
        )
      : getSourceFile(path, ...rest);
  host.fileExists = (path) => names.includes(path) || fileExists(path);
  const program = ts.createProgram(names, { ...options, types: [] }, host);
  const checker = program.getTypeChecker();
  return names.map((name) =>
    inexactIn(checker, program.getSourceFile(name)!).map((text) => text.replace(/^.*?:\d+ /, '')),
  );
}

describe('the exact rooms', () => {
  it('use nothing that differs between engines, machines or moments', () => {
    const program = ts.createProgram(
      files.map((file) => join(root, file)),
      options,
    );
    const checker = program.getTypeChecker();
    const sources = files.map((file) => program.getSourceFile(join(root, file))!);
    expect(sources.flatMap((source) => inexactIn(checker, source))).toEqual([]);
    expect(sources.length).toBeGreaterThan(250);
    expect([...new Set(sources.flatMap(packagesOf))].sort()).toEqual([...known].sort());
  });

  it('import exact rooms only', () => {
    const exact = exactRooms.map(([room]) => room);
    expect(
      exactRooms.flatMap(([, { mayImport }]) => mayImport).filter((room) => !exact.includes(room)),
    ).toEqual([]);
  });
});

describe('the WebAssembly kernels', () => {
  it.each(
    Object.entries({
      ...{ boosting: boostingKernel, linear: linearKernel },
      ...{ neighbours: neighbourKernel, net: netKernel },
    }),
  )('of %s take a memory and no function from outside', (_, bytes) => {
    const module = new WebAssembly.Module(Buffer.from(bytes, 'base64'));
    expect(WebAssembly.Module.imports(module)).toEqual([{ module: 'env', name: 'memory', kind: 'memory' }]);
  });
});

const inexact = [
  ['Math.exp(1)', 'Math.exp'],
  ['Math.random()', 'Math.random'],
  ['Math.hypot(3, 4)', 'Math.hypot'],
  ["Math['exp'](1)", 'Math as a value'],
  ['const { exp } = Math; exp(1)', 'Math as a value'],
  ['const m = Math; m.exp(1)', 'Math as a value'],
  ['const f = (m: typeof Math) => m.log(2)', 'Math as a value'],
  ['const all = { ...Math }', 'Math as a value'],
  ['const all = { Math }', 'Math as a value'],
  ['Reflect.get(Math, "exp")', 'Math as a value'],
  ['globalThis.Math.exp(1)', 'globalThis'],
  ["(globalThis as never)['Ma' + 'th']", 'globalThis'],
  ["new Function('return Math')()", 'Function'],
  ["eval('2 ** 0.5')", 'eval'],
  ['[].constructor', 'constructor'],
  ["[]['constructor']", 'constructor'],
  ["await import('node:os')", 'import()'],
  ['2 ** 0.5', '**'],
  ['let x = 2; x **= 3', '**='],
  ['new Date()', 'Date'],
  ['Date.now()', 'Date'],
  ['const D = Date', 'Date'],
  ['performance.now()', 'performance'],
  ['new Intl.Collator()', 'Intl'],
  ['const { Collator } = Intl', 'Intl'],
  ['(1.5).toLocaleString()', 'toLocaleString'],
  ["(1.5)['toLocaleString']()", 'toLocaleString'],
  ["'a'.toLocaleUpperCase()", 'toLocaleUpperCase'],
  ["'a'.localeCompare('b')", 'localeCompare'],
  ["const { localeCompare } = 'a'", 'localeCompare'],
  ["const { localeCompare: by } = 'a'", 'localeCompare'],
  ['[10, 9].sort()', 'sort() of numbers'],
  ['const rows: readonly number[] = [10, 9]; rows.toSorted()', 'toSorted() of numbers'],
  ['const rows: (number | string)[] = [10, 9]; rows.sort()', 'sort() of numbers'],
] as const;

const harmless = [
  'Math.sqrt(2) + Math.fround(0.1) + Math.max(1, 2)',
  'Float64Array.of(10, 9).sort()',
  '[10, 9].sort((a, b) => a - b)',
  "['b', 'a'].sort()",
  'const record = { Date: 1 }; record.Date + 1',
  '2 * 3 // Math.exp, 2 ** 3, Date',
  "'Math.exp'",
] as const;

describe('the scan for inexact functions', () => {
  const found = foundIn([...inexact.map(([source]) => source), ...harmless]);

  it.each(inexact.map(([source, what], i) => [source, what, found[i]]))('finds %s', (_source, what, own) => {
    expect(own).toEqual([what]);
  });

  it.each(harmless.map((source, i) => [source, found[inexact.length + i]]))('lets %s be', (_source, own) => {
    expect(own).toEqual([]);
  });
});
