import type { Interview, Question } from '../factory/init/questions.ts';
import { formatUserError, UserError } from '../errors/user-error.ts';
import { argumentError, type ParsedArguments } from './arguments.ts';
import type { Terminal } from './terminal.ts';
import { wrap } from './wrap.ts';

/**
 * Answers questions from the command line, else from the person at the terminal, else by what is suggested. `--yes`
 * takes every suggestion, guesses as well.
 */
export function interviewAt(terminal: Terminal, args: ParsedArguments): Interview {
  return {
    tell: (text) => terminal.error(wrap(text, Math.min(110, terminal.columns))),
    ask: async (question) => {
      const given = args.text(question.flag);
      if (given !== undefined) return question.settle(given);
      if (terminal.ask !== null && !args.flag('yes') && question.isIdle !== true)
        return askUntilSettled(question, terminal, terminal.ask);
      if (question.suggestion === null || (question.missing !== null && !args.flag('yes')))
        throw unanswered(question);
      return question.settle(question.suggestion);
    },
  };
}

async function askUntilSettled<T>(
  { text, suggestion, settle }: Question<T>,
  terminal: Terminal,
  ask: (question: string) => Promise<string>,
): Promise<T> {
  for (;;) {
    const answer = (await ask(`${text}${suggestion === null ? '' : ` [${suggestion}]`}: `)).trim();
    if (answer === '' && suggestion === null) continue;
    try {
      return settle(answer || suggestion!);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      terminal.error(formatUserError(error));
    }
  }
}

function unanswered({ flag, suggestion, missing }: Question<unknown>): UserError {
  const how = flag === 'file' ? 'Name one: model-factory init FILE.csv' : `Name it with --${flag}`;
  return argumentError(
    missing ?? `the ${flag} is not given`,
    suggestion === null ? `${how}.` : `${how}, for example ${suggestion}; --yes takes this guess.`,
  );
}
