/**
 * Makes text safe to print in a job's log. The runner takes every line that begins with `::` (after white space), or
 * holds `##[`, for a command: text from data, logs or file names must not be able to speak in our name.
 * Control characters go, a lone CR ends a line for the runner too, so it becomes one.
 */
export function withoutCommands(text: string): string {
  return text
    .replaceAll(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .replaceAll(/[^\P{Cc}\n\t]/gu, '')
    .split('\n')
    .map((line) =>
      line.replace(/^([\s\u200B\uFEFF]*):(?=:)/, `$1:${wordJoiner}`).replaceAll('##[', `#${wordJoiner}#[`),
    )
    .join('\n');
}

/** An invisible character that is no white space: it keeps a line readable and breaks the command. */
const wordJoiner = '\u2060';
