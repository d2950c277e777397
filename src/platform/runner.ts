import * as core from '@actions/core';
import { appendFile } from 'node:fs/promises';
import { stripVTControlCharacters } from 'node:util';
import { UserError, formatUserError, formatPlace } from '../errors/user-error.ts';
import type { Logger } from './logger.ts';

/** Bytes of a job summary that the runner still shows; it drops a larger one as a whole. */
export const maxSummaryBytes = 1_000_000;
const maxAnnotations = 10;
const maxAnnotationLength = 4000;

/** The job that an action runs in. */
export interface Runner {
  readonly logger: Logger;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** An input without surrounding blanks; undefined where it is empty. */
  input(name: string): string | undefined;
  output(name: string, value: string): void;
  /** Adds Markdown to the job's summary page. @throws when it is larger than `maxSummaryBytes` */
  summarise(markdown: string): Promise<void>;
  /** Fails the job; a user's mistake becomes an annotation at its place. */
  fail(error: unknown): void;
}

/** The runner behind this process. All text that others wrote goes through `quiet` before it reaches the log. */
export function actionsRunner(environment: NodeJS.ProcessEnv = process.env): Runner {
  let annotations = 0;
  const annotate = (write: (text: string) => void, text: string): void => {
    annotations++;
    if (annotations <= maxAnnotations) write(text.slice(0, maxAnnotationLength));
    else core.info(quiet(text));
  };
  const logger: Logger = {
    debug: (message) => core.debug(message),
    info: (message) => core.info(quiet(message)),
    warning: (message) => annotate((text) => core.warning(text), message),
    error: (message) => annotate((text) => core.error(text), message),
    group: (title, body) => core.group(quiet(title).replaceAll('\n', ' '), body),
  };
  return {
    logger,
    environment,
    input: (name) => core.getInput(name).trim() || undefined,
    output: (name, value) => core.setOutput(name, value),
    summarise: async (markdown) => {
      const bytes = Buffer.byteLength(markdown);
      if (bytes > maxSummaryBytes)
        throw new Error(`a summary of ${bytes} bytes would be dropped by the runner`);
      const file = environment['GITHUB_STEP_SUMMARY'];
      if (file) await appendFile(file, `${markdown}\n`);
    },
    fail: (error) => {
      process.exitCode = 1;
      if (error instanceof UserError) {
        core.info(quiet(formatUserError(error)));
        for (const one of [error, ...error.more]) annotateFault(one);
        return;
      }
      core.info(quiet(error instanceof Error ? (error.stack ?? error.message) : String(error)));
      core.error('This is a bug in Model Factory: please report it with the lines above.');
    },
  };

  function annotateFault(error: UserError): void {
    const { file, line, column } = error.at;
    const place = formatPlace(error.at);
    const text = `${error.code}: ${error.message}${place && ` (${place})`}. ${error.fix}`;
    annotate((message) => {
      core.error(message, {
        ...(file !== undefined && { file }),
        ...(line !== undefined && { startLine: line }),
        ...(line !== undefined && column !== undefined && { startColumn: column }),
      });
    }, text);
  }
}

/**
 * Text that the runner can't take for a command: `::` and `##[` get a zero-width joiner inside; control characters
 * but tab and newline go.
 */
export function quiet(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/\p{Cc}/gu, (character) => (character === '\n' || character === '\t' ? character : ''))
    .replace(/::|##\[/g, (token) => `${token.slice(0, 1)}\u200d${token.slice(1)}`);
}
