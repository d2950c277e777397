import type { Config } from '../config/schema.ts';
import type { Verdict } from '../contracts/verdict.ts';
import { UserError } from '../errors/user-error.ts';
import { upsertComment } from '../platform/github/comments.ts';
import type { GitHub } from '../platform/github/client.ts';
import { commentAction, commentBody, commentKey, type CommentMode } from '../report/comment.ts';
import { summaryLimit } from '../report/limit.ts';
import { renderReport, type Section } from '../report/report.ts';
import { failsCheck } from './conclusion.ts';
import type { Job } from './job.ts';

/** Writes the report into the job's summary. */
export async function summarise({ runner }: Job, sections: readonly Section[]): Promise<void> {
  await runner.writeSummary(renderReport(sections, summaryLimit, 'the artifacts of this run'));
}

export interface CommentRequest {
  readonly mode: CommentMode;
  /** Name of the model, or `all` where several share the comment. */
  readonly model: string;
  readonly verdicts: readonly Verdict[];
  /** The run of a model ended in an error. */
  readonly failed?: boolean;
  readonly sections: readonly Section[];
  readonly workingDirectory: string;
}

/** Writes the one comment of the pull request; null where there is none to write. A refusal is only a warning. */
export async function comment(job: Job, github: GitHub, request: CommentRequest): Promise<string | null> {
  const { runner, context } = job;
  const { mode, model, verdicts, failed, sections, workingDirectory } = request;
  if (context.event.kind !== 'pull-request') return null;
  const action = commentAction(mode, verdicts, failed);
  if (action === 'none') return null;
  try {
    const outcome = await upsertComment(
      github,
      {
        issue: context.event.number,
        key: commentKey({ workflow: context.workflow, model, workingDirectory }),
        body: commentBody(sections),
        headSha: context.event.headSha,
        onlyUpdate: action === 'update',
      },
      runner,
    );
    if (outcome.kind === 'superseded')
      runner.info('A newer commit was pushed: the comment is left to its run.');
    return outcome.kind === 'superseded' || outcome.kind === 'none' ? null : outcome.url;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    runner.warning(
      `The comment could not be written; the report stands in the job summary. ${error.message}. ${error.fix}`,
    );
    return null;
  }
}

/** Puts the verdict into outputs and the log, and fails the job where the check fails. */
export function putOut(job: Job, verdict: Verdict, config: Config): void {
  const { runner } = job;
  const { conclusion, reason, model, winner, metric, decisive } = verdict;
  runner.setOutput('conclusion', conclusion);
  runner.setOutput('reason', reason);
  runner.setOutput('model', model);
  runner.setOutput('winner', winner ?? '');
  runner.setOutput('metric', metric);
  runner.setOutput('estimate', decisive?.estimate ?? '');
  tellVerdict(job, verdict, config, '');
}

/** Writes the verdict into the log, and fails the job where the check fails. `who` stands before it. */
export function tellVerdict({ runner }: Job, verdict: Verdict, config: Config, who: string): void {
  const { conclusion, reason, sentence, next } = verdict;
  if (!failsCheck(verdict, config)) {
    runner.info(`${who}${conclusion} (${reason}): ${sentence} ${next}`);
    return;
  }
  runner.annotate('error', `Model Factory: ${conclusion}`, `${who}${sentence}\n${next}`);
  process.exitCode = 1;
}
