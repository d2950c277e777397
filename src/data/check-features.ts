import { featureType, type FeatureRecipe } from '../contracts/feature.ts';
import type { Fault } from '../errors/user-error.ts';
import type { Table } from './table.ts';
import { unknownColumn } from './types.ts';

export interface FeatureRoles {
  readonly file: string;
  readonly target: string;
  readonly key?: string | undefined;
  readonly group?: string | undefined;
  readonly weight?: string | undefined;
  /** Of the target. */
  readonly classes: number;
}

/** What a feature is made from: numbers (booleans count), dates or texts; `mean` = another feature's target mean. */
type Kind = 'number' | 'date' | 'category' | 'mean';

/**
 * What is wrong with engineered features on this table: names that no column has or two have, columns that may not be
 * learnt from, kinds that a feature can't be made of. A feature may read columns and the features before it.
 */
export function featureFaults(table: Table, recipes: readonly FeatureRecipe[], roles: FeatureRoles): Fault[] {
  const kinds = new Map(
    table.columns.map(({ name, kind }): [string, Kind] => [
      name,
      kind === 'categorical' ? 'category' : kind === 'date' ? 'date' : 'number',
    ]),
  );
  const faults: Fault[] = [];
  recipes.forEach((recipe, i) => {
    const later = new Set(recipes.slice(i).map(({ name }) => name));
    const found = kinds.has(recipe.name)
      ? [takenName(recipe, roles)]
      : sourceFaults(recipe, kinds, later, roles);
    faults.push(...found);
    if (!kinds.has(recipe.name)) kinds.set(recipe.name, kindOf(recipe));
  });
  return faults;
}

function kindOf(recipe: FeatureRecipe): Kind {
  return recipe.kind === 'target-mean' ? 'mean' : featureType(recipe);
}

function takenName({ name }: FeatureRecipe, { file }: FeatureRoles): Fault {
  return {
    code: 'DATA_COLUMN',
    message: `features names a feature "${name}", and a column of the file has that name.`,
    at: { file, name },
    fix: 'Give the feature another name.',
  };
}

function sourceFaults(
  recipe: FeatureRecipe,
  kinds: ReadonlyMap<string, Kind>,
  later: ReadonlySet<string>,
  roles: FeatureRoles,
): Fault[] {
  const setting = `features.${recipe.name}`;
  const at = { file: roles.file, name: setting };
  const faults = recipe.sources.flatMap((source): Fault[] => {
    const role = roleOf(source, roles);
    if (role !== null) return [forbidden(source, role, at)];
    if (kinds.has(source)) return [];
    if (later.has(source))
      return [
        {
          ...{ code: 'DATA_COLUMN', at },
          message: `It reads the feature "${source}", which comes later.`,
          fix:
            source === recipe.name
              ? 'A feature can not read itself.'
              : `Write ${source} above ${recipe.name}.`,
        },
      ];
    return [unknownColumn(source, setting, [...kinds.keys()], roles.file)];
  });
  if (faults.length > 0) return faults;
  const fault = kindFault(
    recipe,
    recipe.sources.map((source) => kinds.get(source)!),
    roles,
  );
  return fault === null ? [] : [{ code: 'DATA_COLUMN', at, ...fault }];
}

/** The role that keeps a column from being learnt from; a time column may be read. */
function roleOf(source: string, { target, key, group, weight }: FeatureRoles): string | null {
  const roles = { target, key, group, weight };
  const role = Object.entries(roles).find(([, column]) => column === source);
  return role ? role[0] : null;
}

function forbidden(source: string, role: string, at: Fault['at']): Fault {
  return {
    code: 'DATA_COLUMN',
    message: `It reads "${source}", which is the ${role} and never learnt from.`,
    at,
    fix: 'Compute the feature from other columns.',
  };
}

/** What each kind of feature is made of, in words. */
const wanted: Readonly<Record<FeatureRecipe['kind'], string>> = {
  ratio: 'two columns of numbers',
  difference: 'two columns of numbers, or two of dates',
  log: 'a column of numbers',
  bins: 'a column of numbers',
  'date-part': 'a column of dates',
  'target-mean': 'a category',
};

const isWords: Readonly<Record<Kind, string>> = {
  number: 'is a number',
  date: 'is a date',
  category: 'is a category',
  mean: 'is a target mean itself',
};

function kindFault(
  { kind, sources }: FeatureRecipe,
  found: readonly Kind[],
  { classes }: FeatureRoles,
): Pick<Fault, 'message' | 'fix'> | null {
  if (kind === 'target-mean' && classes > 2)
    return {
      message: `A target mean needs a target of two classes or a number, and this one has ${classes} classes.`,
      fix: 'Remove the feature: trees take categories as they are, other trainers a column for each level.',
    };
  const mean = found.indexOf('mean');
  if (mean >= 0)
    return {
      message: `It reads the target mean "${sources[mean]!}", which differs between training and prediction.`,
      fix: 'Compute it from columns, or from features that are no target mean.',
    };
  if (suits(kind, found)) return null;
  const those = sources.map((source, i) => `"${source}" ${isWords[found[i]!]}`).join(' and ');
  return {
    message: `"${kind}" needs ${wanted[kind]}; ${those}.`,
    fix: fixFor(kind, sources),
  };
}

function suits(kind: FeatureRecipe['kind'], found: readonly Kind[]): boolean {
  const all = (one: Kind): boolean => found.every((own) => own === one);
  switch (kind) {
    case 'target-mean':
      return all('category');
    case 'date-part':
      return all('date');
    case 'difference':
      return all('number') || all('date');
    default:
      return all('number');
  }
}

function fixFor(kind: FeatureRecipe['kind'], sources: readonly string[]): string {
  const type = (own: string): string =>
    `set data.types: { ${sources.map((source) => `${JSON.stringify(source)}: ${own}`).join(', ')} }`;
  switch (kind) {
    case 'target-mean':
      return `Cut numbers into bins first, or ${type('categorical')}.`;
    case 'date-part':
      return `Write dates as YYYY-MM-DD hh:mm:ss, say how they are written with data.dates, or ${type('date')}.`;
    case 'difference':
      return 'Name two columns of numbers, or two columns of dates.';
    default:
      return `Name other columns, or ${type('numeric')} if they hold numbers.`;
  }
}
