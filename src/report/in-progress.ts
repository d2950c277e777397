import { counted, formatDuration } from './numbers.ts';

/** What is known of a run when its plan is made. */
export interface TrainingAhead {
  readonly model: string;
  /** The head of the pull request. */
  readonly headSha: string;
  readonly candidates: number;
  readonly jobs: number;
  /** Longest of the jobs. */
  readonly predictedMs: number;
  readonly runUrl: string;
}

const [start, end] = ['<!-- model-factory:training -->', '<!-- model-factory:training-end -->'];

/**
 * The comment while a matrix trains: one line on top of the last verdict, which stays. It claims nothing that stops
 * being true when the run is cancelled: the link tells how far it is, and the verdict or the next run replaces the line.
 */
export function withTrainingAhead(ahead: TrainingAhead, previous: string | null): string {
  const { model, headSha, candidates, jobs, predictedMs, runUrl } = ahead;
  const before = withoutLine(previous ?? '');
  const line =
    `⏳ \`${model}\`: commit ${headSha.slice(0, 7)} trains ${counted(candidates, 'candidate')} in ` +
    `${counted(jobs, 'job')}, about ${formatDuration(predictedMs)} of training: [follow the run](${runUrl}).` +
    (before === '' ? '' : ' The verdict below is of an earlier run.');
  return [start, line, end, ...(before === '' ? [] : ['', before])].join('\n');
}

function withoutLine(text: string): string {
  const until = text.startsWith(start) ? text.indexOf(end) : -1;
  return (until < 0 ? text : text.slice(until + end.length)).trim();
}
