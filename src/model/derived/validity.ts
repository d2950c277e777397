import type { ModelInput, Pipeline } from '../pipeline.ts';
import type { DerivedColumn } from './derived-column.ts';
import { derivedInputs } from './derive.ts';

/** What is wrong with a pipeline's derived columns, or null: each reads inputs or columns before it, of the right kinds. */
export function derivedFault({ inputs, derived }: Pipeline): string | null {
  if (derived === undefined) return null;
  if (derived.length === 0) return 'an empty list of derived columns';
  const types = new Map(inputs.map(({ name, type }) => [name, type]));
  const results = derivedInputs(derived);
  for (const [i, column] of derived.entries()) {
    if (types.has(column.name)) return `derived column "${column.name}" has the name of another`;
    const sources = column.sources.map((source) => types.get(source));
    if (sources.includes(undefined)) return `derived column "${column.name}" reads an unknown one`;
    if (!suits(column, sources)) return `derived column "${column.name}" reads another type`;
    const fault = constantsFault(column);
    if (fault !== null) return `derived column "${column.name}": ${fault}`;
    types.set(column.name, results[i]!.type);
  }
  return null;
}

type Type = ModelInput['type'] | undefined;

const isNumber = (type: Type): boolean => type === 'number' || type === 'boolean';

function suits({ kind }: DerivedColumn, sources: readonly Type[]): boolean {
  switch (kind) {
    case 'target-mean':
      return sources.every((type) => type === 'category');
    case 'date-part':
      return sources.every((type) => type === 'date');
    case 'difference':
      return sources.every(isNumber) || sources.every((type) => type === 'date');
    default:
      return sources.every(isNumber);
  }
}

function constantsFault(column: DerivedColumn): string | null {
  switch (column.kind) {
    case 'bins': {
      const { edges } = column;
      const ascend = edges.every((edge, i) => isSingle(edge) && !(edge <= edges[i - 1]!));
      return edges.length > 0 && ascend ? null : 'edges do not ascend';
    }
    case 'target-mean': {
      const { levels, means, other } = column;
      if (levels.length === 0 || levels.length !== means.length) return 'another number of levels than means';
      if (new Set(levels).size < levels.length) return 'a level appears twice';
      if (!levels.every((level) => level.isWellFormed())) return 'a level is not valid Unicode';
      return [...means, other].every(isSingle) ? null : 'a mean is not a finite float32';
    }
    case 'date-part':
      return column.part === 'year' && column.as === 'category' ? 'a year as category' : null;
    default:
      return null;
  }
}

function isSingle(value: number): boolean {
  return Number.isFinite(value) && Math.fround(value) === value;
}
