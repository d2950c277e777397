import type { Plan } from '../../contracts/plan.ts';
import { UserError } from '../../errors/user-error.ts';
import type { Event, RunContext } from '../../platform/github/event.ts';
import type { Git } from '../../platform/git.ts';

/**
 * Which question the event asks.
 * @throws UserError EVENT_INVALID for events that ask none
 */
export function questionOf({ event, defaultBranch }: RunContext): Plan['question'] {
  switch (event.kind) {
    case 'pull-request':
      if (event.closed) break;
      return 'merge';
    case 'merge-group':
      return 'merge';
    case 'schedule':
      return 'promote';
    case 'push':
      if (event.tag !== null) break;
      return event.onDefaultBranch ? 'promote' : 'merge';
    case 'workflow-dispatch':
      return event.onDefaultBranch ? 'promote' : 'merge';
    default:
  }
  throw new UserError({ code: 'EVENT_INVALID', ...whyNot(event, defaultBranch) });
}

function whyNot(event: Event, defaultBranch: string): { message: string; fix: string } {
  const usual =
    `Start the workflow on: pull_request, merge_group, push to ${defaultBranch}, ` +
    'schedule or workflow_dispatch.';
  switch (event.kind) {
    case 'pull-request':
      return {
        message: `pull request #${event.number} is closed: there is nothing left to judge`,
        fix: 'Take `closed` out of the types of `on: pull_request`; the push to the default branch goes on from here.',
      };
    case 'push':
      return {
        message: `the tag ${event.tag ?? ''} was pushed, and a tag asks nothing of the factory`,
        fix: `Write on: push: { branches: [${defaultBranch}] }, so that tags don't start this workflow.`,
      };
    case 'release':
      return {
        message: `a release was ${event.action} (${event.tag}), and a release asks nothing of the factory`,
        fix: `The factory publishes releases itself. ${usual}`,
      };
    case 'workflow-run':
      return {
        message: 'the end of another workflow (workflow_run) asks nothing of the factory',
        fix: usual,
      };
    case 'other':
      return event.name === 'pull_request_target'
        ? targetRefused
        : { message: noUse(event.name), fix: usual };
    default:
      return { message: noUse(event.kind), fix: usual };
  }
}

const noUse = (name: string): string => `the event ${name} asks nothing of the factory`;

/** Judging the checkout of the base would pass everything; judging the head would run it with a token that writes. */
const targetRefused = {
  message:
    'on pull_request_target the checkout is the base branch, and the token can write: ' +
    "the change can't be judged there, and its code must not run there",
  fix: 'Use `on: pull_request`. For forks the report then stands in the job summary, without a comment.',
};

/**
 * The commit that a change is compared with: in a pull request the first parent of the merge commit under test, in a
 * merge queue its base, elsewhere where the default branch was left. Null where the question needs none.
 * @throws UserError BASE_MISSING
 */
export async function baseOf({ event, defaultBranch }: RunContext, git: Git): Promise<string | null> {
  await git.requireCheckout();
  switch (event.kind) {
    case 'pull-request':
      return (await mergedBase(git, event.headSha)) ?? git.mergeBase('HEAD', event.baseSha);
    case 'merge-group':
      return event.baseSha;
    case 'push':
    case 'workflow-dispatch':
      return event.onDefaultBranch ? null : git.mergeBase('HEAD', `origin/${defaultBranch}`);
    default:
      return null;
  }
}

/**
 * The base that GitHub merged the head into; null where another commit is checked out, such as the head itself. That
 * one may be a merge commit too, of the author's own making, so its second parent has to be the head.
 */
async function mergedBase(git: Git, head: string): Promise<string | null> {
  return (await git.resolve('HEAD^2')) === head ? git.firstParent('HEAD') : null;
}
