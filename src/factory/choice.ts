import { nearest } from '../config/nearest.ts';
import type { Plan } from '../contracts/plan.ts';
import { UserError } from '../errors/user-error.ts';
import type { PersonalChoice } from '../gate/person.ts';

/**
 * Makes sure that a person's choice can be judged at all, before anything is trained for it.
 * @throws UserError ARGUMENT_INVALID in answer to the question of a pull request, or for an unknown candidate
 */
export function requireChoice({ question, candidates }: Plan, person: PersonalChoice | null): void {
  if (!person) return;
  const { candidate } = person;
  if (question === 'merge')
    throw invalid(
      `the candidate ${candidate} can only be promoted where the question is what becomes champion`,
      'Start the workflow by hand on the default branch; on a laptop: add --promote to plan or run.',
    );
  const names = candidates.filter(({ role }) => role === 'candidate').map(({ name }) => name);
  if (names.includes(candidate)) return;
  const close = nearest(candidate, names);
  throw invalid(
    `there is no candidate named ${candidate}`,
    close === undefined ? `Choose one of ${names.join(', ')}.` : `Did you mean ${close}?`,
  );
}

function invalid(message: string, fix: string): UserError {
  return new UserError({ code: 'ARGUMENT_INVALID', message, fix });
}
