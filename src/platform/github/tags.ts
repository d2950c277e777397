import { UserError } from '../../errors/user-error.ts';
import type { PlacedTag } from '../../registry/stages.ts';
import type { GitHub } from './client.ts';
import { createCommit, createRef, readCommit, readRef } from './git-data.ts';

export interface Tag {
  readonly name: string;
  /** The commit it stands on. */
  readonly commit: string;
  readonly annotated: boolean;
  /** Message of an annotated tag. */
  readonly message: string | null;
}

export type TagOutcome =
  | { readonly kind: 'created' | 'exists'; readonly commit: string }
  /** The name is taken by another commit. */
  | { readonly kind: 'taken'; readonly commit: string };

const reading = { what: 'read the tags', permission: 'contents: read' };

/** Every tag of the repository and the commit it stands on, 100 a request. */
export async function placedTags(github: GitHub): Promise<PlacedTag[]> {
  const found = await github.pages(reading, ({ rest }, page) =>
    rest.repos.listTags({ ...github.place, ...page }),
  );
  return found.map(({ name, commit }) => ({ name, commit: commit.sha }));
}

/** One tag, or null when there is none of this name. */
export async function readTag(github: GitHub, name: string): Promise<Tag | null> {
  const ref = await readRef(github, `tags/${name}`);
  return ref === null ? null : peel(github, name, ref);
}

async function peel(github: GitHub, name: string, object: { sha: string; type: string }): Promise<Tag> {
  if (object.type !== 'tag') return { name, commit: object.sha, annotated: false, message: null };
  const tag = await github.repeat(reading, ({ rest }) =>
    rest.git.getTag({ ...github.place, tag_sha: object.sha }),
  );
  return { name, commit: tag.object.sha, annotated: true, message: tag.message };
}

/**
 * Makes an annotated tag. A tag of the same name on the same commit counts as done.
 * @throws UserError TAG_PROTECTED, PERMISSION_MISSING, GITHUB_UNAVAILABLE, RATE_LIMITED
 */
export async function createTag(
  github: GitHub,
  { name, commit, message }: { name: string; commit: string; message: string },
): Promise<TagOutcome> {
  const before = await readTag(github, name);
  if (before !== null) return { kind: before.commit === commit ? 'exists' : 'taken', commit: before.commit };
  const purpose = { what: `create the tag ${name}`, permission: 'contents: write' };
  // The object is harmless until a ref points to it, so this may be sent twice.
  const object = await github.repeat(purpose, ({ rest }) =>
    rest.git.createTag({ ...github.place, tag: name, message, object: commit, type: 'commit' }),
  );
  const outcome = await createRef(github, `refs/tags/${name}`, object.sha);
  if (outcome.kind === 'written') return { kind: 'created', commit };
  if (outcome.kind === 'protected') throw tagProtected(name, outcome.message);
  const now = await readTag(github, name);
  if (now === null) throw tagProtected(name, 'GitHub refused the tag and does not say why');
  return { kind: now.commit === commit ? 'exists' : 'taken', commit: now.commit };
}

/**
 * An empty commit on top of `commit` for the version `tag`, where another version of the model stands on `commit`
 * already: GTO's readers expect one version of an artifact per commit. A tag that an earlier run made is kept.
 */
export async function commitBesideVersion(
  github: GitHub,
  { tag, commit }: { tag: string; commit: string },
): Promise<string> {
  const made = await readTag(github, tag);
  if (made !== null) {
    const { parents } = await readCommit(github, made.commit);
    if (made.commit === commit || (parents.length === 1 && parents[0] === commit)) return made.commit;
  }
  const { tree } = await readCommit(github, commit);
  return createCommit(github, { tree, parents: [commit], message: `${tag} from ${commit.slice(0, 7)}\n` });
}

function tagProtected(name: string, message: string): UserError {
  return new UserError({
    code: 'TAG_PROTECTED',
    message: `the tag ${name} could not be created: ${message.split('\n').filter(Boolean).join(' ')}`,
    at: { name },
    fix:
      'Let GitHub Actions bypass the ruleset that covers this tag (Settings > Rules > Rulesets), ' +
      'or pass the token of a GitHub App that may, as `github-token`. Nothing was published.',
  });
}
