import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { Git } from '../platform/git.ts';
import { loadChampion, type Champion } from './champion.ts';
import type { FactoryPorts } from './ports.ts';
import type { Situation } from './situation.ts';

/**
 * Runs `body` with the released champion, null where there is none. One that only its own program can read is asked
 * with the program as it was at the champion's commit, so that a change can't make its rival stumble.
 * @throws UserError BASE_MISSING where this checkout doesn't hold that commit
 */
export async function withChampion<T>(
  { champion, head: { folder } }: Pick<Situation, 'champion' | 'head'>,
  { history }: Pick<FactoryPorts, 'history'>,
  git: Git,
  body: (champion: Champion | null) => Promise<T>,
): Promise<T> {
  if (!champion || !history) return body(null);
  const load = (code: string): Promise<Champion> => loadChampion(champion, history.releases, code);
  const { commit, format, recipe } = champion;
  const asked = format === 'opaque' && (recipe.program?.predict ?? null) !== null;
  if (!asked || commit === null || !(await git.isRepository())) return body(await load(folder));
  const parent = await mkdtemp(join(tmpdir(), 'model-factory-champion-'));
  try {
    const path = relative(await git.root(), await realpath(folder));
    return await git.withWorktree(commit, join(parent, 'tree'), async (tree) =>
      body(await load(join(tree, path))),
    );
  } finally {
    await rm(parent, { recursive: true, force: true });
  }
}
