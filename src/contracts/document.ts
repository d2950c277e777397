import { z } from 'zod';
import { UserError } from '../errors/user-error.ts';

/** A versioned JSON document: `"schema": "<name>/<major>"` first, unknown keys refused, numbers finite. */
export interface DocumentType<T> {
  readonly name: string;
  readonly major: number;
  readonly schema: z.ZodType<T>;
}

const maxBytes = 64 * 1024 * 1024;

/** Defines a document type from the fields that follow `schema`. */
export function defineDocument<Shape extends z.ZodRawShape>(name: string, major: number, shape: Shape) {
  const schema = z.strictObject({ schema: z.literal(`${name}/${major}`), ...shape });
  return { name, major, schema } as const;
}

/** Serialises after validation: two spaces, final newline, keys in the schema's order, so equal values give equal bytes. */
export function writeDocument<T>(type: DocumentType<T>, value: T): string {
  return `${JSON.stringify(type.schema.parse(value), null, 2)}\n`;
}

/**
 * Parses and validates a document.
 * @throws UserError DOCUMENT_TOO_NEW for a newer major, DOCUMENT_INVALID for anything else that doesn't fit.
 */
export function readDocument<T>(type: DocumentType<T>, text: string, file: string): T {
  const fail = (message: string, cause?: unknown): never => {
    throw new UserError({
      code: 'DOCUMENT_INVALID',
      message: `${type.name} document: ${message}`,
      at: { file },
      fix: 'Run the step that wrote the file again; nothing in it should be edited by hand.',
      cause,
    });
  };
  if (text.length > maxBytes) fail(`larger than ${maxBytes} characters`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return fail(`not JSON (${error instanceof Error ? error.message : 'unreadable'})`, error);
  }
  refuseNewer(type, value, file);
  const parsed = type.schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  return fail(issue ? `${issue.path.join('.') || 'top level'}: ${issue.message}` : 'invalid', parsed.error);
}

function refuseNewer(type: { name: string; major: number }, value: unknown, file: string): void {
  const stamp = z.object({ schema: z.string() }).safeParse(value);
  if (!stamp.success) return;
  const [name, major] = stamp.data.schema.split('/');
  if (name !== type.name || !(Number(major) > type.major)) return;
  throw new UserError({
    code: 'DOCUMENT_TOO_NEW',
    message: `${type.name} document has version ${major}, this version reads up to ${type.major}`,
    at: { file },
    fix: 'A newer factory wrote it: update this one, and pin every `uses:` of it to the same commit.',
  });
}
