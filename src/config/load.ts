import {
  isMap,
  isScalar,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Node,
  type Pair,
} from 'yaml';
import { throwFaults, type Fault, type Place } from '../errors/user-error.ts';
import { boundFaults } from './bounds.ts';
import { faultsOf } from './faults.ts';
import { pretrainedFaults } from './pretrained.ts';
import { expandCandidates } from './candidates.ts';
import { composedFaults, isComposed } from './composed.ts';
import { programFaults } from './program.ts';
import { searchFaults } from './search-faults.ts';
import { isRange } from './search.ts';
import { spaceOf } from './space.ts';
import { createConfigSchema, type Catalogue, type Config } from './schema.ts';
import { syntaxAdvice } from './syntax.ts';
import { updateFaults } from './update.ts';
import { weightFaults } from './weight.ts';

const maxBytes = 64 * 1024;

/** A valid configuration together with the way from a key to its line and column. */
export interface LoadedConfig {
  readonly config: Config;
  readonly file: string;
  /** Place of the value at `path`, or of the closest parent that is written in the file. */
  placeOf(path: readonly PropertyKey[]): Place;
}

/**
 * Reads `model-factory.yml` from its text. All mistakes are reported at once.
 * @throws UserError CONFIG_SYNTAX (YAML, aliases, size) or CONFIG_INVALID (unknown key, wrong type, impossible rule).
 */
export function loadConfig(text: string, file: string, catalogue: Catalogue): LoadedConfig {
  const { document, lines } = parseYaml(text, file);
  const placeOf = (path: readonly PropertyKey[]): Place => ({ file, ...positionOf(document, lines, path) });
  const schema = createConfigSchema(catalogue);
  const parsed = schema.safeParse(document.toJS({ maxAliasCount: 0 }), { reportInput: true });
  if (!parsed.success) {
    throwFaults(faultsOf(parsed.error, schema, placeOf));
    throw parsed.error;
  }
  const candidates = parsed.data.candidates ?? {};
  throwFaults([
    ...parameterFaults(parsed.data, catalogue, placeOf),
    ...boundFaults(parsed.data, catalogue, placeOf),
    ...weightFaults(parsed.data, catalogue, placeOf),
    ...programFaults(candidates, placeOf),
    ...searchFaults(candidates, catalogue, placeOf),
    ...pretrainedFaults(candidates, placeOf),
    ...memberFaults(parsed.data, placeOf),
    ...updateFaults(candidates, catalogue, placeOf),
  ]);
  return { config: parsed.data, file, placeOf };
}

/** Parses YAML 1.2 core schema without aliases, with unique keys and at most 64 KB. */
function parseYaml(text: string, file: string): { document: Document; lines: LineCounter } {
  const fault = (message: string, fix: string, at: Place = { file }): Fault => ({
    code: 'CONFIG_SYNTAX',
    message,
    at,
    fix,
  });
  if (text.length > maxBytes)
    throwFaults([
      fault(`the file has ${text.length} characters, at most ${maxBytes} are read`, 'Shorten the file.'),
    ]);
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: true,
    schema: 'core',
    merge: false,
  });
  // What follows the first error is mostly its consequence.
  throwFaults(
    document.errors.slice(0, 1).map((error) => {
      const { line, col } = lines.linePos(error.pos[0]);
      const [message] = error.message.split(/ at line |\n/);
      const [rest = ''] = text.slice(error.pos[0]).split('\n', 1);
      const advice = syntaxAdvice(error.code, message ?? error.code, rest);
      return fault(advice.message, advice.fix, { file, line, column: col });
    }),
  );
  const alias = findAlias(document);
  if (alias !== undefined) {
    const { line, col } = lines.linePos(alias);
    throwFaults([
      fault('aliases and anchors are not read', 'Write the value out.', { file, line, column: col }),
    ]);
  }
  const lost = findLostKey(document);
  if (lost !== undefined) {
    const { line, col } = lines.linePos(lost);
    const at = { file, line, column: col, name: '__proto__' };
    throwFaults([{ ...fault('no key can be named __proto__', 'Rename it.', at), code: 'CONFIG_INVALID' }]);
  }
  if (!isMap(document.contents))
    throwFaults([
      fault(
        'the file holds no settings',
        'Begin with the four lines version, model, data.source and data.target.',
      ),
    ]);
  return { document, lines };
}

/** Offset of the first alias or anchor. */
function findAlias(document: Document): number | undefined {
  let found: number | undefined;
  visit(document, {
    Alias(_, alias) {
      found = alias.range?.[0] ?? 0;
      return visit.BREAK;
    },
    Node(_, node) {
      if (!('anchor' in node) || !node.anchor) return undefined;
      found = node.range?.[0] ?? 0;
      return visit.BREAK;
    },
  });
  return found;
}

/** Offset of the first key that the schema would pass over without a word. */
function findLostKey(document: Document): number | undefined {
  let found: number | undefined;
  visit(document, {
    Pair(_, { key }) {
      if (!isScalar(key) || key.value !== '__proto__') return undefined;
      found = key.range?.[0] ?? 0;
      return visit.BREAK;
    },
  });
  return found;
}

/** Line and column of the value at `path`, or of its closest parent that is written. */
export function positionOf(
  document: Document,
  lines: LineCounter,
  path: readonly PropertyKey[],
): Omit<Place, 'file'> {
  let node: unknown = document.contents;
  let offset = (node as Node | null)?.range?.[0] ?? 0;
  for (const key of path) {
    if (isMap(node)) {
      const pair: Pair | undefined = node.items.find(
        (item) => isScalar(item.key) && String(item.key.value) === String(key),
      );
      if (!pair) break;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value;
    } else if (typeof key === 'number' && node && typeof node === 'object' && 'items' in node) {
      const item = (node.items as Node[])[key];
      if (!item) break;
      offset = item.range?.[0] ?? offset;
      node = item;
    } else break;
  }
  const { line, col } = lines.linePos(offset);
  return { line, column: col, name: path.map(String).join('.') || undefined };
}

/** Grids are expanded only where a candidate names others: the first fault of an expansion hides all else. */
function memberFaults({ candidates = {}, validation }: Config, placeOf: LoadedConfig['placeOf']): Fault[] {
  const names = Object.values(candidates).some((own) => own.of !== undefined || isComposed(own));
  return names ? composedFaults(candidates, expandCandidates(candidates, validation.seed), placeOf) : [];
}

/** Checks each candidate's `params` and every value of its `grid` against the trainer's own schema. */
function parameterFaults(config: Config, catalogue: Catalogue, placeOf: LoadedConfig['placeOf']): Fault[] {
  return Object.entries(config.candidates ?? {}).flatMap(([name, candidate]) => {
    const schema = catalogue.trainers.get(candidate.trainer)!;
    const path = ['candidates', name];
    const check = (params: Record<string, unknown>, within: (key: PropertyKey) => PropertyKey[]): Fault[] => {
      const parsed = schema.safeParse(params, { reportInput: true });
      if (parsed.success) return [];
      return faultsOf(parsed.error, schema, (inner) =>
        placeOf([
          ...path,
          ...(inner.length ? inner.flatMap((key, i) => (i ? [key] : within(key))) : ['params']),
        ]),
      );
    };
    const fixed = check(candidate.params, (key) => ['params', key]);
    if (fixed.length) return fixed;
    const where = candidate.search?.space ? ['search', 'space'] : ['grid'];
    return Object.entries(spaceOf(candidate)).flatMap(([key, dimension]) => {
      const at = (value: unknown, last: PropertyKey): Fault[] =>
        check({ ...candidate.params, [key]: value }, (inner) =>
          inner === key ? [...where, key, last] : ['params', inner],
        );
      if (!isRange(dimension)) return dimension.flatMap(at);
      const ends = [...at(dimension.min, 'min'), ...at(dimension.max, 'max')].slice(0, 1);
      if (ends.length > 0 || dimension.int === true) return ends;
      // Between its ends a range holds fractions.
      const between = dimension.min + (dimension.max - dimension.min) * 0.37;
      return at(between, 'int').map((fault) => ({
        ...fault,
        message: `${candidate.trainer} takes whole numbers as ${key}, and the range holds others`,
        fix: 'Add int: true to the range.',
      }));
    });
  });
}
