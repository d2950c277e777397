import { Git, type LocalTag } from '../platform/git.ts';
import { assignmentsOf, stagesOf, type Assignment } from '../registry/stages.ts';
import { timeOf } from './times.ts';

/** The newest stage tag of each stage, by the stage's name; none outside a git repository. */
export type Stages = ReadonlyMap<string, Assignment<LocalTag>>;

/** Which version of a model each stage was given last, by the tags of the repository that the command runs in. */
export async function stagesIn(folder: string, model: string): Promise<Stages> {
  const git = new Git(folder);
  const tags = (await git.isRepository()) ? await git.tags() : [];
  return stagesOf(assignmentsOf(tags, model));
}

/** `since 2026-05-04 10:00 UTC, 3 days old, by Pat (churn#prod#3)` */
export function sincePhrase({ tag }: Assignment<LocalTag>, now: Date): string {
  const who = tag.who === '' ? '' : `, by ${tag.who}`;
  return `since ${timeOf(tag.at, now)}${who} (${tag.name})`;
}
