import { nameField } from '../../contracts/fields.ts';
import { unknownColumn } from '../../data/types.ts';
import { UserError } from '../../errors/user-error.ts';
import { nearest } from '../../config/nearest.ts';
import type { Reason } from './roles.ts';
import { workflowForms, type WorkflowForm } from './workflow-text.ts';

/** Something that only the user knows, or may know better. */
export interface Question<T> {
  /** Name of the option that answers it, without dashes. */
  readonly flag: string;
  readonly text: string;
  /** What is taken for an empty answer; null where nothing can be suggested. */
  readonly suggestion: string | null;
  /** For a suggestion that isn't taken without somebody's word: what is missing without it. */
  readonly missing: string | null;
  /** Nothing in the data asks for it: only the command line answers it. */
  readonly isIdle?: boolean;
  /** @throws UserError for an answer that can't be */
  readonly settle: (answer: string) => T;
}

/** Asks a terminal, or answers from the command line. */
export interface Interview {
  ask<T>(question: Question<T>): Promise<T>;
  tell(text: string): void;
}

/** The answer that means no column, and an empty one where nothing is suggested. */
export const nothing = 'none';

/** One column of the file. */
export function columnQuestion(
  names: readonly string[],
  file: string,
  question: Pick<Question<string>, 'flag' | 'text' | 'suggestion'>,
): Question<string> {
  return {
    ...question,
    missing: `the ${question.flag} is not given`,
    settle: (answer) => columnOf(answer, question.flag, names, file),
  };
}

/** One column of the file, or none. */
export function roleQuestion(
  names: readonly string[],
  file: string,
  flag: string,
  text: string,
  suggested: Reason | null,
): Question<Reason | null> {
  const suggestion = suggested?.name ?? nothing;
  return {
    ...{ flag, text, suggestion, missing: null },
    settle: (answer) => {
      if (answer === nothing && !names.includes(nothing)) return null;
      const name = columnOf(answer, flag, names, file);
      return { name, why: name === suggested?.name ? suggested.why : 'chosen' };
    },
  };
}

/** Any columns of the file, separated by commas. */
export function dropQuestion(names: readonly string[], file: string, target: string): Question<string[]> {
  return {
    flag: 'drop',
    text: 'Columns to leave out, separated by commas: what is only known after the target is',
    suggestion: nothing,
    missing: null,
    settle: (answer) =>
      answer === nothing || answer === ''
        ? []
        : answer.split(',').map((part) => {
            if (part.trim() === target) throw wrong('drop', target, 'It is the target: name another column.');
            return columnOf(part, 'drop', names, file);
          }),
  };
}

/** One of a few texts. */
export function choiceQuestion(
  flag: string,
  text: string,
  choices: readonly string[],
  suggestion: string,
): Question<string> {
  return {
    ...{ flag, text, suggestion, missing: null },
    settle: (answer) => {
      if (choices.includes(answer)) return answer;
      const close = nearest(answer, choices);
      const shown = choices.slice(0, 12).join(', ') + (choices.length > 12 ? ', …' : '');
      throw wrong(flag, answer, close === undefined ? `Use one of: ${shown}.` : `Did you mean "${close}"?`);
    },
  };
}

export function modelQuestion(suggestion: string): Question<string> {
  return {
    flag: 'model',
    text: 'Name of the model: versions are tagged <model>@v1.2.3',
    suggestion,
    missing: null,
    settle: (answer) => {
      const parsed = nameField.safeParse(answer);
      if (parsed.success) return parsed.data;
      throw wrong('model', answer, 'Use 2 to 64 lower-case letters, digits, "-" or "_".');
    },
  };
}

export function workflowQuestion(suggestion: WorkflowForm): Question<WorkflowForm> {
  const question = choiceQuestion(
    'workflow',
    'Workflow: one-job trains everything in one job, matrix spreads the candidates over several',
    workflowForms,
    suggestion,
  );
  return { ...question, settle: (answer) => workflowForms.find((form) => form === question.settle(answer))! };
}

export function usesQuestion(action: string, ref: string): Question<{ action: string; ref: string }> {
  return {
    flag: 'uses',
    text: 'The action as OWNER/model-factory@REF: OWNER is the account that hosts your copy of it',
    suggestion: `${action}@${ref}`,
    missing: null,
    settle: (answer) => {
      const [, name, version] = /^([\w.-]+\/[\w.-]+)@([\w./-]+)$/.exec(answer) ?? [];
      if (name !== undefined && version !== undefined) return { action: name, ref: version };
      throw wrong('uses', answer, 'Write OWNER/model-factory@REF, REF being a tag or better a commit.');
    },
  };
}

function columnOf(answer: string, flag: string, names: readonly string[], file: string): string {
  if (names.includes(answer)) return answer;
  const trimmed = answer.trim();
  if (names.includes(trimmed)) return trimmed;
  throw new UserError(unknownColumn(trimmed, `--${flag}`, names, file));
}

function wrong(flag: string, answer: string, fix: string): UserError {
  return new UserError({ code: 'ARGUMENT_INVALID', message: `--${flag} can not be "${answer}"`, fix });
}
