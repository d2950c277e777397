import { allowedName } from '../../config/value-fixes.ts';

/** The words of a column's name in lower case: `customerId`, `customer_id` and `Customer ID` are the same two. */
export function nameWords(name: string): string[] {
  return name
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
}

/** Whether a name says that the column names things: `id`, `customer_id`, `UUID`, `key`, `Kundennr`. */
export function isIdName(name: string): boolean {
  const last = nameWords(name).at(-1) ?? '';
  return ['id', 'uuid', 'guid', 'key'].includes(last) || last.endsWith('nr');
}

/** Whether a name says what a row counts for: `sampling_weight`, `survey wt`, `fnlwgt`; not the weight of a car. */
export function isWeightName(name: string): boolean {
  const words = nameWords(name);
  const last = words.at(-1) ?? '';
  if (last === 'fnlwgt') return true;
  const whose = ['sample', 'sampling', 'survey', 'case', 'person', 'row', 'design'];
  return ['weight', 'weights', 'wt', 'wgt'].includes(last) && words.some((word) => whose.includes(word));
}

/** A model's name made of any text: lower-case letters, digits, `-` and `_`, 2 to 64 of them. */
export function modelNameOf(text: string): string {
  return allowedName(text) ?? 'model';
}
