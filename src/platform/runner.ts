import * as core from '@actions/core';
import { formatPlace, formatUserError, UserError } from '../errors/user-error.ts';
import type { Logger } from './logger.ts';
import { withoutCommands } from './workflow-commands.ts';

/** Where an annotation points to. */
export interface AnnotationPlace {
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

/** The job that an action runs in: its log, outputs, annotations and summary. */
export interface Runner extends Logger {
  /** Value of an input of the action, trimmed; null where it is empty or not given. */
  input(name: string): string | null;
  setOutput(name: string, value: string | number | boolean): void;
  /** Keeps a value out of the log. */
  mask(secret: string): void;
  annotate(level: 'notice' | 'warning' | 'error', title: string, message: string, at?: AnnotationPlace): void;
  /** Replaces what this step shows in the summary of the run. */
  writeSummary(markdown: string): Promise<void>;
  /** Reports an error and lets the step fail: a user's without a stack, ours with one. */
  fail(error: unknown): void;
}

/** The runner keeps 10 annotations of a level in a step and drops the rest without a word. */
const mostAnnotations = 10;
/** The runner cuts messages at 4,096 characters. */
const longestMessage = 4_000;
/** The runner drops a summary above 1 MiB as a whole. */
const largestSummaryBytes = 1_000_000;

/** The runner behind `@actions/core`. Everything printed passes `withoutCommands`. */
export function actionsRunner(): Runner {
  const counts = { notice: 0, warning: 0, error: 0 };
  const annotate: Runner['annotate'] = (level, title, message, at = {}) => {
    const text = withoutCommands(message).slice(0, longestMessage);
    counts[level] += 1;
    if (counts[level] > mostAnnotations) {
      core.info(`${level}: ${withoutCommands(title)}: ${text}`);
      return;
    }
    core[level](text, {
      title: withoutCommands(title),
      ...(at.file === undefined ? {} : { file: at.file }),
      ...(at.line === undefined ? {} : { startLine: at.line }),
      ...(at.column === undefined ? {} : { startColumn: at.column }),
    });
  };
  return {
    debug: (message) => core.debug(withoutCommands(message)),
    info: (message) => core.info(withoutCommands(message)),
    warning: (message) => annotate('warning', 'Model Factory', message),
    error: (message) => annotate('error', 'Model Factory', message),
    group: async (title, body) => {
      core.startGroup(withoutCommands(title));
      try {
        return await body();
      } finally {
        core.endGroup();
      }
    },
    input: (name) => core.getInput(name) || null,
    setOutput: (name, value) => core.setOutput(name, String(value)),
    mask: (secret) => core.setSecret(secret),
    annotate,
    writeSummary: async (markdown) => {
      if (!process.env.GITHUB_STEP_SUMMARY) return;
      await core.summary.emptyBuffer().addRaw(fitSummary(markdown)).write({ overwrite: true });
    },
    fail: (error) => {
      process.exitCode = core.ExitCode.Failure;
      if (error instanceof UserError) reportFault(error, annotate);
      else reportBug(error, annotate);
    },
  };
}

/** Cuts a summary at the end of a line, well below the size that the runner refuses. */
export function fitSummary(markdown: string): string {
  const bytes = Buffer.from(markdown);
  if (bytes.length <= largestSummaryBytes) return markdown;
  const end = bytes.lastIndexOf('\n', largestSummaryBytes);
  const cut = bytes.subarray(0, Math.max(end, 0)).toString();
  return `${cut}\n\n*The rest did not fit into the summary of a job; the report among the artifacts is whole.*\n`;
}

function reportFault(error: UserError, annotate: Runner['annotate']): void {
  for (const fault of [error, ...error.more]) {
    const place = formatPlace(fault.at);
    annotate('error', fault.code, `${fault.message}${place ? ` (${place})` : ''}\n${fault.fix}`, fault.at);
  }
  core.info(withoutCommands(formatUserError(error)));
}

function reportBug(error: unknown, annotate: Runner['annotate']): void {
  const message = error instanceof Error ? error.message : String(error);
  annotate('error', 'Model Factory failed', `${message}\nThis is a bug of Model Factory: please report it.`);
  if (error instanceof Error && error.stack !== undefined) core.info(withoutCommands(error.stack));
}
