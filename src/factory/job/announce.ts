import type { Config } from '../../config/schema.ts';
import type { Plan } from '../../contracts/plan.ts';
import type { Verdict } from '../../contracts/verdict.ts';
import { UserError } from '../../errors/user-error.ts';
import { upsertComment, type StickyComment } from '../../platform/github/comments.ts';
import type { GitHub } from '../../platform/github/client.ts';
import { commentAction, commentBody, commentKey, type CommentMode } from '../../report/comment.ts';
import { withTrainingAhead, type TrainingAhead } from '../../report/in-progress.ts';
import { summaryLimit } from '../../report/limit.ts';
import { renderReport, type Section } from '../../report/report.ts';
import { failsCheck } from '../conclusion.ts';
import { toTrain } from '../needless.ts';
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
  const { context } = job;
  const { mode, model, verdicts, failed, sections, workingDirectory } = request;
  if (context.event.kind !== 'pull-request') return null;
  const action = commentAction(mode, verdicts, failed);
  if (action === 'none') return null;
  const key = commentKey({ workflow: context.workflow, model, workingDirectory });
  const text = { key, body: commentBody(sections), onlyUpdate: action === 'update' };
  return write(job, github, text, '; the report stands in the job summary');
}

/** Says on top of the pull request's comment what a matrix is going to train. */
export async function announceTraining(
  job: Job,
  github: GitHub,
  { mode, plan, workingDirectory }: { mode: CommentMode; plan: Plan; workingDirectory: string },
): Promise<void> {
  const { event, workflow, runUrl } = job.context;
  if (event.kind !== 'pull-request' || mode === 'never' || plan.shards.length === 0) return;
  const ahead: TrainingAhead = {
    ...{ model: plan.model, headSha: event.headSha, runUrl, candidates: toTrain(plan).length },
    jobs: plan.shards.length,
    predictedMs: Math.max(...plan.shards.map(({ predictedMs }) => predictedMs)),
  };
  const text = {
    key: commentKey({ workflow, model: plan.model, workingDirectory }),
    body: (previous: string | null) => withTrainingAhead(ahead, previous),
    onlyUpdate: mode !== 'always',
  };
  await write(job, github, text, '');
}

async function write(
  { runner, context }: Job,
  github: GitHub,
  text: Pick<StickyComment, 'key' | 'body' | 'onlyUpdate'>,
  consolation: string,
): Promise<string | null> {
  if (context.event.kind !== 'pull-request') return null;
  const { number: issue, headSha } = context.event;
  try {
    const outcome = await upsertComment(github, { issue, headSha, ...text }, runner);
    if (outcome.kind === 'superseded')
      runner.info('A newer commit was pushed: the comment is left to its run.');
    return outcome.kind === 'superseded' || outcome.kind === 'none' ? null : outcome.url;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    runner.warning(`The comment could not be written${consolation}. ${error.message}. ${error.fix}`);
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
