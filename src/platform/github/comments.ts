import type { Logger } from '../logger.ts';
import { orNull, type GitHub } from './client.ts';

/** A comment that is kept up to date instead of being written again. */
export interface StickyComment {
  /** Number of the issue or pull request. */
  readonly issue: number;
  /** Tells one sticky comment from another: workflow, model, directory. */
  readonly key: string;
  /** Markdown without the marker, or what to make of the text that stands there; null = none. */
  readonly body: string | ((previous: string | null) => string);
  /** The commit that the text speaks of; when the pull request has moved on, nothing is written. */
  readonly headSha?: string | undefined;
  /** Changes a comment that is there, but writes no first one. */
  readonly onlyUpdate?: boolean | undefined;
}

export type CommentOutcome =
  | { readonly kind: 'created' | 'updated' | 'unchanged'; readonly url: string }
  | { readonly kind: 'superseded'; readonly headSha: string }
  | { readonly kind: 'none' };

interface Found {
  readonly id: number;
  readonly body?: string | undefined;
  readonly html_url: string;
  readonly user: { readonly login: string } | null;
}

/** GitHub refuses 65,536 characters; the rest is room for the marker and the note. */
const longestBody = 65_000;

/**
 * Creates or updates the comment of this key. It is found over all pages by marker and author, so that a marker
 * posted by somebody else is left alone; the oldest own one stays, others of the same key are removed.
 * @throws UserError PERMISSION_MISSING, GITHUB_UNAVAILABLE, RATE_LIMITED
 */
export async function upsertComment(
  github: GitHub,
  sticky: StickyComment,
  logger: Logger,
): Promise<CommentOutcome> {
  const moved = await newerHead(github, sticky);
  if (moved !== null) return { kind: 'superseded', headSha: moved };
  const own = await findOwn(github, sticky);
  const [oldest] = own;
  const body = withMarker(sticky, oldest?.body ?? null);
  if (oldest === undefined)
    return sticky.onlyUpdate ? { kind: 'none' } : create(github, sticky, body, logger);
  const unchanged = oldest.body?.trimEnd() === body.trimEnd();
  const url = unchanged ? oldest.html_url : await update(github, sticky, oldest, body);
  if (url === null) return create(github, sticky, body, logger);
  await removeExtras(github, sticky, own, logger);
  return { kind: unchanged ? 'unchanged' : 'updated', url };
}

/** The hidden first line by which the comment is found again. */
export function commentMarker(key: string): string {
  return `<!-- model-factory:${key.replaceAll('--', '- -').replaceAll(/[\r\n]/g, ' ')} -->`;
}

function withMarker({ key, body }: StickyComment, whole: string | null): string {
  const marker = commentMarker(key);
  const text =
    typeof body === 'string' ? body : body(whole === null ? null : whole.slice(marker.length).trim());
  return `${marker}\n${fit(text)}`;
}

/** Cuts at the end of a line; the renderer has its own, better way to get shorter. */
function fit(body: string): string {
  if (body.length <= longestBody) return body;
  const cut = body.slice(0, body.lastIndexOf('\n', longestBody - 200));
  return `${cut}\n\n*The rest did not fit into a comment; the summary of the job holds all of it.*`;
}

async function newerHead(github: GitHub, { issue, headSha }: StickyComment): Promise<string | null> {
  if (headSha === undefined) return null;
  const purpose = { what: `read pull request #${issue}`, permission: 'pull-requests: write' };
  const pull = await github.repeat(purpose, ({ rest }) =>
    rest.pulls.get({ ...github.place, pull_number: issue }),
  );
  return pull.head.sha === headSha ? null : pull.head.sha;
}

function commenting({ issue }: StickyComment) {
  return { what: `comment on #${issue}`, permission: 'pull-requests: write' };
}

/** Our comments of this key, oldest first. */
async function findOwn(github: GitHub, sticky: StickyComment): Promise<Found[]> {
  const login = await github.viewer();
  const marker = commentMarker(sticky.key);
  const all = await github.pages<Found>(commenting(sticky), ({ rest }, page) =>
    rest.issues.listComments({ ...github.place, issue_number: sticky.issue, ...page }),
  );
  return all
    .filter(({ body, user }) => user?.login === login && body?.startsWith(marker) === true)
    .sort((a, b) => a.id - b.id);
}

async function create(
  github: GitHub,
  sticky: StickyComment,
  body: string,
  logger: Logger,
): Promise<CommentOutcome> {
  const created = await github.once<Found>(
    commenting(sticky),
    ({ rest }) => rest.issues.createComment({ ...github.place, issue_number: sticky.issue, body }),
    async () => (await findOwn(github, sticky))[0] ?? null,
  );
  // Another run may have created one in the same moment: everybody keeps the oldest.
  const own = await findOwn(github, sticky);
  const [oldest] = own;
  if (oldest === undefined || own.length === 1) return { kind: 'created', url: created.html_url };
  const url = (oldest.body === body ? null : await update(github, sticky, oldest, body)) ?? oldest.html_url;
  await removeExtras(github, sticky, own, logger);
  return { kind: 'created', url };
}

/** The comment's address, or null when it was deleted in the meantime. */
async function update(
  github: GitHub,
  sticky: StickyComment,
  { id }: Found,
  body: string,
): Promise<string | null> {
  const updated = await orNull(() =>
    github.repeat(commenting(sticky), ({ rest }) =>
      rest.issues.updateComment({ ...github.place, comment_id: id, body }),
    ),
  );
  return updated?.html_url ?? null;
}

async function removeExtras(
  github: GitHub,
  sticky: StickyComment,
  [, ...extras]: readonly Found[],
  logger: Logger,
): Promise<void> {
  for (const { id, html_url: url } of extras) {
    logger.info(`Removing a second comment of the same run: ${url}`);
    await orNull(() =>
      github.repeat(commenting(sticky), ({ rest }) =>
        rest.issues.deleteComment({ ...github.place, comment_id: id }),
      ),
    );
  }
}
