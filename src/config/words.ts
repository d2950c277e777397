import { z } from 'zod';

/** A command line as words, or why it can't be one. */
export type SplitCommand =
  | { readonly kind: 'words'; readonly words: readonly [string, ...string[]] }
  | { readonly kind: 'fault'; readonly message: string; readonly fix?: string };

/** Signs that mean something to a shell only; outside of quotes they are most likely meant so. */
const shellSigns = '|&;<>`$';

/**
 * Splits a command into words. No shell is asked: white space separates; between single quotes everything stands for
 * itself; between double quotes, and outside of quotes, a backslash takes the next character as it is.
 */
export function splitCommand(text: string): SplitCommand {
  const words: string[] = [];
  let word: string | null = null;
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    let sign = text[at]!;
    if (sign === '\0') return fault('must not hold the character NUL');
    if (sign === quote) {
      quote = '';
      continue;
    }
    if (quote === '' && (sign === '"' || sign === "'")) {
      quote = sign;
      word ??= '';
      continue;
    }
    if (quote === '' && /\s/.test(sign)) {
      if (word !== null) words.push(word);
      word = null;
      continue;
    }
    if (sign === '\\' && quote !== "'") {
      const next = text[++at];
      if (next === undefined) return fault('must not end with a backslash');
      sign = next;
    } else if (quote === '' && shellSigns.includes(sign))
      return fault(
        `must hold ${sign} in quotes only, because no shell reads it`,
        'Put what needs a shell into a script, and run that.',
      );
    word = (word ?? '') + sign;
  }
  if (quote !== '') return fault(`must close its quote ${quote}`);
  if (word !== null) words.push(word);
  const [program, ...rest] = words;
  if (program === undefined || program === '') return fault('must begin with a program');
  return { kind: 'words', words: [program, ...rest] };
}

/** The words of a command that the configuration's schema let pass. */
export function wordsOf(command: string): readonly [string, ...string[]] {
  const split = splitCommand(command);
  if (split.kind === 'fault') throw new Error(`the command ${split.message}`);
  return split.words;
}

/** A command line in the configuration: a text that `wordsOf` can split. */
export const commandField = z
  .string()
  .max(4096)
  .superRefine((text, context) => {
    const split = splitCommand(text);
    if (split.kind === 'words') return;
    const { message, fix } = split;
    context.addIssue({ code: 'custom', message, input: text, params: { fix } });
  });

function fault(message: string, fix?: string): SplitCommand {
  return { kind: 'fault', message, ...(fix !== undefined && { fix }) };
}
