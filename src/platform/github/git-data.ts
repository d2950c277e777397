import { orNull, type GitHub, type Purpose } from './client.ts';
import { isRuleViolation, Refusal } from './failures.ts';

/** The files of a branch at one commit. */
export interface BranchSnapshot {
  readonly head: string;
  /** Blob ids by path. */
  readonly blobs: ReadonlyMap<string, string>;
}

export type RefOutcome =
  | { readonly kind: 'written'; readonly head: string }
  /** Somebody else moved or made the ref; `head` is where it stands now. */
  | { readonly kind: 'conflict'; readonly head: string | null }
  | { readonly kind: 'protected'; readonly message: string };

export interface Commit {
  readonly branch: string;
  /** The commit on which the change was based; null makes a branch without history. */
  readonly head: string | null;
  /** Texts by path, added or replaced. */
  readonly files: ReadonlyMap<string, string>;
  readonly message: string;
}

const reading = (what: string): Purpose => ({ what, permission: 'contents: read' });
const writing = (what: string): Purpose => ({ what, permission: 'contents: write' });

/** The object a ref points to, or null when the ref doesn't exist. `ref` as in `heads/main`. */
export async function readRef(
  github: GitHub,
  ref: string,
): Promise<{ readonly sha: string; readonly type: string } | null> {
  try {
    const found = await orNull(() =>
      github.repeat(reading(`read ${ref}`), ({ rest }) => rest.git.getRef({ ...github.place, ref })),
    );
    return found === null ? null : { sha: found.object.sha, type: found.object.type };
  } catch (error) {
    // 409: a repository without any commit.
    if (error instanceof Refusal && error.status === 409) return null;
    throw error;
  }
}

/** The files of a branch, or null when the branch doesn't exist. Throws when it can't be told. */
export async function readBranch(github: GitHub, branch: string): Promise<BranchSnapshot | null> {
  const ref = await readRef(github, `heads/${branch}`);
  if (ref === null) return null;
  return { head: ref.sha, blobs: await readTree(github, ref.sha, '') };
}

/** All blobs below a tree. GitHub cuts listings of huge trees; those are read folder by folder. */
async function readTree(github: GitHub, sha: string, prefix: string): Promise<Map<string, string>> {
  const tree = (recursive: boolean) =>
    github.repeat(reading('list the files of a branch'), ({ rest }) =>
      rest.git.getTree({ ...github.place, tree_sha: sha, ...(recursive ? { recursive: '1' } : {}) }),
    );
  let listing = await tree(true);
  const cut = listing.truncated;
  if (cut) listing = await tree(false);
  const blobs = new Map<string, string>();
  for (const entry of listing.tree) {
    const path = `${prefix}${entry.path}`;
    if (entry.type === 'blob') blobs.set(path, entry.sha);
    if (entry.type !== 'tree' || !cut) continue;
    for (const [inner, blob] of await readTree(github, entry.sha, `${path}/`)) blobs.set(inner, blob);
  }
  return blobs;
}

/** Bytes of a blob. */
export async function readBlob(github: GitHub, sha: string): Promise<Buffer> {
  const blob = await github.repeat(reading('read a file of a branch'), ({ rest }) =>
    rest.git.getBlob({ ...github.place, file_sha: sha }),
  );
  return Buffer.from(blob.content, 'base64');
}

/**
 * Commits files onto a branch if it still stands at `head`: compare-and-swap without a checkout.
 * @throws UserError PERMISSION_MISSING, GITHUB_UNAVAILABLE, RATE_LIMITED
 */
export async function commitFiles(github: GitHub, commit: Commit): Promise<RefOutcome> {
  const { branch, head, files, message } = commit;
  const base = head === null ? null : (await readCommit(github, head)).tree;
  const entries = [...files].map(
    ([path, content]) => ({ path, mode: '100644', type: 'blob', content }) as const,
  );
  const purpose = writing(`write to the branch ${branch}`);
  const tree = await github.repeat(purpose, ({ rest }) =>
    rest.git.createTree({ ...github.place, tree: entries, ...(base === null ? {} : { base_tree: base }) }),
  );
  const sha = await createCommit(github, { tree: tree.sha, parents: head === null ? [] : [head], message });
  return head === null ? createRef(github, `refs/heads/${branch}`, sha) : moveBranch(github, branch, sha);
}

/** A commit's tree and parents. */
export async function readCommit(
  github: GitHub,
  sha: string,
): Promise<{ readonly tree: string; readonly parents: readonly string[] }> {
  const commit = await github.repeat(reading('read a commit'), ({ rest }) =>
    rest.git.getCommit({ ...github.place, commit_sha: sha }),
  );
  return { tree: commit.tree.sha, parents: commit.parents.map((parent) => parent.sha) };
}

/** Stores a commit that no ref points to yet, and returns its id. */
export async function createCommit(
  github: GitHub,
  { tree, parents, message }: { tree: string; parents: string[]; message: string },
): Promise<string> {
  const commit = await github.repeat(writing('store a commit'), ({ rest }) =>
    rest.git.createCommit({ ...github.place, tree, parents, message }),
  );
  return commit.sha;
}

/** Makes a ref that must not exist yet. One that already points to `sha` counts as written. */
export async function createRef(github: GitHub, ref: string, sha: string): Promise<RefOutcome> {
  const name = ref.replace(/^refs\//, '');
  const current = async () => (await readRef(github, name))?.sha ?? null;
  return settle(current, sha, async () => {
    await github.once(
      writing(`create ${name}`),
      async ({ rest }) => rest.git.createRef({ ...github.place, ref, sha }),
      () => Promise.resolve(null),
    );
  });
}

/** Moves a branch forward; GitHub refuses what isn't a fast-forward, and that is the comparison. */
async function moveBranch(github: GitHub, branch: string, sha: string): Promise<RefOutcome> {
  const current = async () => {
    const now = (await readRef(github, `heads/${branch}`))?.sha ?? null;
    // An answer may be lost and the next writer may have built on our commit: then ours is in.
    return now !== null && (await contains(github, now, sha)) ? sha : now;
  };
  return settle(current, sha, async () => {
    await github.repeat(writing(`move the branch ${branch}`), ({ rest }) =>
      rest.git.updateRef({ ...github.place, ref: `heads/${branch}`, sha, force: false }),
    );
  });
}

async function settle(
  current: () => Promise<string | null>,
  sha: string,
  write: () => Promise<void>,
): Promise<RefOutcome> {
  try {
    await write();
    return { kind: 'written', head: sha };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (isRuleViolation(error)) return { kind: 'protected', message: error.message };
    if (error.status !== 422 && error.status !== 409 && error.status !== 404) throw error;
    const head = await current();
    return head === sha ? { kind: 'written', head } : { kind: 'conflict', head };
  }
}

/** True when `ancestor` is `descendant` or lies below it. */
export async function contains(github: GitHub, descendant: string, ancestor: string): Promise<boolean> {
  if (descendant === ancestor) return true;
  const basehead = `${ancestor}...${descendant}`;
  const compared = await orNull(() =>
    github.repeat(reading('compare commits'), ({ rest }) =>
      rest.repos.compareCommitsWithBasehead({ ...github.place, basehead, per_page: 1 }),
    ),
  );
  return compared?.status === 'ahead' || compared?.status === 'identical';
}
