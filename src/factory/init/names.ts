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

/** A model's name made of any text: lower-case letters, digits, `-` and `_`, 2 to 64 of them. */
export function modelNameOf(text: string): string {
  const plain = text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]+/g, '-')
    .replaceAll(/^[_-]+/g, '')
    .slice(0, 64)
    .replaceAll(/[_-]+$/g, '');
  return plain.length < 2 ? 'model' : plain;
}
