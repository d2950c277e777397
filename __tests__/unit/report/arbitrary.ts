import fc from 'fast-check';
import { z } from 'zod';

/** Texts with which a document could try to break a report, and the shapes that the contracts' patterns ask for. */
const texts = [
  ...[
    '',
    'ab',
    'net-1',
    'log_loss',
    'roc_auc',
    'v1.4.0',
    '2026-11-21T09:30:00Z',
    'a'.repeat(40),
    'b'.repeat(64),
  ],
  ...[
    'a | b',
    '`',
    '``x',
    '<img src=x>',
    '</details>',
    '@octocat #1',
    '![p](https://e.example/p)',
    '\u202Eevil\u0007',
  ],
  ...[
    'one: two. three',
    '**',
    '漢字 🤖',
    'x'.repeat(5000),
    '🤖'.repeat(600),
    '\n\n# title',
    '> quote',
    '| a |\n| - |',
  ],
];
const numbers = [
  0, 1, -1, 2, 0.5, -0.0042, 0.2791, 1e-9, -1e-300, 12345.678, 1e15, 1.7e308, -1.7e308, 95, 50,
];

/** Values that a schema accepts, edge cases often: null wherever it may be, empty and long lists, hostile texts. */
export function arbitraryOf(schema: z.ZodType): fc.Arbitrary<unknown> {
  if (schema instanceof z.ZodObject) {
    const shape = Object.entries<z.ZodType>(schema.shape);
    return fc.record(Object.fromEntries(shape.map(([key, field]) => [key, arbitraryOf(field)])));
  }
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional)
    return arbitraryOf(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodNullable)
    return fc.option(arbitraryOf(schema.unwrap() as z.ZodType), { nil: null, freq: 3 });
  if (schema instanceof z.ZodArray)
    return fc.array(arbitraryOf(schema.element as z.ZodType), { maxLength: 14 });
  if (schema instanceof z.ZodRecord)
    return fc.dictionary(
      fc.constantFrom('log_loss', 'roc_auc', 'C', 'a|`b'),
      arbitraryOf(schema.valueType as z.ZodType),
    );
  if (schema instanceof z.ZodUnion)
    return fc.oneof(...schema.options.map((option) => arbitraryOf(option as z.ZodType)));
  if (schema instanceof z.ZodEnum) return fc.constantFrom(...schema.options);
  if (schema instanceof z.ZodLiteral) return fc.constantFrom(...schema.values);
  if (schema instanceof z.ZodDefault) return arbitraryOf(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodBoolean) return fc.boolean();
  const accepted = [...texts, ...numbers].filter((value) => schema.safeParse(value).success);
  if (accepted.length === 0) throw new Error(`no value known for ${schema.def.type}`);
  return fc.constantFrom(...accepted);
}
