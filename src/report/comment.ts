import type { Verdict } from '../contracts/verdict.ts';
import { commentLimit } from './limit.ts';
import type { Section } from './input.ts';
import { renderReport } from './report.ts';

/** When a pull request gets a comment: the action's input `comment`. */
export type CommentMode = 'always' | 'on-change' | 'on-fail' | 'never';

/** Stands for the model in the key of a comment about several. */
export const allModels = 'all';

/** What one workflow says about one model of one directory is one comment. */
export interface CommentKey {
  readonly workflow: string;
  /** Name of the model, or `allModels` where several share a comment. */
  readonly model: string;
  /** Relative to the repository's root; `.` where it is the root. */
  readonly workingDirectory: string;
}

/** The part of the comment's hidden marker that tells it from others. */
export function commentKey({ workflow, model, workingDirectory }: CommentKey): string {
  return [workflow, model, workingDirectory].map(encodeURIComponent).join('/');
}

/** The comment's text without its marker, short enough for GitHub. */
export function commentBody(sections: readonly Section[]): string {
  return renderReport(sections, commentLimit, 'the summary of the run');
}

/**
 * `write` makes or updates the comment, `update` only changes one that is already there (so that an old "do not
 * merge" doesn't outlive its cause), `none` does nothing. Several models: the one that speaks loudest counts, and one
 * whose run ended in an error always speaks.
 */
export function commentAction(
  mode: CommentMode,
  verdicts: readonly Verdict[],
  failed = false,
): 'write' | 'update' | 'none' {
  if (mode === 'never') return 'none';
  const speak = mode === 'always' || failed || verdicts.some((verdict) => speaks(mode, verdict));
  return speak ? 'write' : 'update';
}

function speaks(mode: 'on-change' | 'on-fail', { conclusion, reason, policyEdits }: Verdict): boolean {
  if (conclusion === 'block' || conclusion === 'undecided') return true;
  return mode === 'on-change' && (reason !== 'unchanged' || policyEdits.length > 0);
}
