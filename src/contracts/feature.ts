import { z } from 'zod';

/** What can be taken out of a date; weekdays count from Monday = 1. */
export const dateParts = ['year', 'month', 'day', 'weekday', 'hour'] as const;
export type DatePart = (typeof dateParts)[number];

/** What a feature gives: a number, or one of some texts. */
export const featureTypes = ['number', 'category'] as const;
export type FeatureType = (typeof featureTypes)[number];

/** How one engineered feature is computed from columns, or from features before it; as configured, not fitted. */
export type FeatureRecipe = { readonly name: string } & (
  | { readonly kind: 'ratio' | 'difference'; readonly sources: readonly [first: string, second: string] }
  | { readonly kind: 'log'; readonly sources: readonly [string] }
  | {
      readonly kind: 'bins';
      readonly sources: readonly [string];
      /** Where bins begin, ascending float32 numbers; or how many bins of about equal frequency there are. */
      readonly edges: readonly number[] | number;
      readonly as: FeatureType;
    }
  | {
      readonly kind: 'date-part';
      readonly sources: readonly [string];
      readonly part: DatePart;
      readonly as: FeatureType;
    }
  | {
      readonly kind: 'target-mean';
      readonly sources: readonly [string];
      /** Rows with the overall mean that are added to each level's own. */
      readonly smoothing: number;
    }
);

/** What a recipe gives. */
export function featureType(recipe: FeatureRecipe): FeatureType {
  return 'as' in recipe ? recipe.as : 'number';
}

/** A recipe in a few words, such as `debt / income`. */
export function featureText(recipe: FeatureRecipe): string {
  const [first, second] = recipe.sources;
  switch (recipe.kind) {
    case 'ratio':
      return `${first} / ${second}`;
    case 'difference':
      return `${first} - ${second}`;
    case 'log':
      return `log of ${first}`;
    case 'bins': {
      const { edges, as } = recipe;
      const bins =
        typeof edges === 'number'
          ? `${edges} bins of ${first}`
          : `bins of ${first} at ${edges.map(shortest).join(', ')}`;
      return as === 'category' ? bins : `${bins}, as number`;
    }
    case 'date-part':
      return `${recipe.part} of ${first}, as ${recipe.as}`;
    case 'target-mean':
      return `mean target by ${first}, smoothing ${recipe.smoothing}`;
  }
}

/** The shortest decimal number that is this float32. */
export function shortest(edge: number): string {
  let digits = 1;
  while (digits < 9 && Math.fround(Number(edge.toPrecision(digits))) !== edge) digits++;
  return String(Number(edge.toPrecision(digits)));
}

/** An engineered feature as a plan names it. */
export const engineeredField = z.strictObject({
  name: z.string(),
  type: z.enum(featureTypes),
  /** How it is computed, in a few words. */
  definition: z.string(),
});
