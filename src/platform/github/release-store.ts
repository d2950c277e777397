import { sha256 } from '../../contracts/digest.ts';
import { UserError } from '../../errors/user-error.ts';
import type { ReleaseContent, ReleaseStore } from '../../registry/releases.ts';
import { parseChecksums } from '../../registry/checksums.ts';
import { type GitHub } from './client.ts';
import { backoffMs } from '../clock.ts';
import { Refusal } from './failures.ts';
import {
  deleteDraft,
  downloadAsset,
  ensureAsset,
  openRelease,
  publishDraft,
  readRelease,
  OtherBytes,
  type Release,
} from './releases.ts';
import { commitBesideVersion, createTag } from './tags.ts';

const sumsName = 'SHA256SUMS';

/**
 * Published versions as releases of the repository. Publishing fills a draft, checks every file, makes the annotated
 * tag and publishes last, so that a run that dies on the way leaves only a draft, which the next run adopts.
 */
export function githubReleases(github: GitHub): ReleaseStore {
  return {
    read: async (tag, names) => {
      const release = await readRelease(github, tag);
      if (release === null) throw missing(tag, 'no published release has this tag');
      const text = await readAsset(github, release, sumsName);
      const sums = parseChecksums(text.toString(), `${tag}/${sumsName}`);
      const files = new Map<string, Uint8Array>(names === 'all' ? [[sumsName, text]] : []);
      for (const name of names === 'all' ? sums.keys() : names) {
        const bytes = await readAsset(github, release, name);
        if (sums.get(name) !== sha256(bytes)) throw tampered(tag, name, release.url);
        files.set(name, bytes);
      }
      return files;
    },
    publish: (content) => publish(github, content),
  };
}

/** How often a draft is begun anew because it held, or another run gave it, other files. */
const rounds = 4;

async function publish(github: GitHub, content: ReleaseContent): Promise<{ readonly url: string }> {
  const { tag, title, notes, commit } = content;
  if (commit === null) throw new Error('a release on GitHub stands on a commit');
  const stand = content.sharesCommit ? await commitBesideVersion(github, { tag, commit }) : commit;
  for (let round = 1; ; round++) {
    const release = await openRelease(github, { tag, commit: stand, title, notes });
    try {
      for (const [name, bytes] of content.files) await ensureAsset(github, release, name, bytes);
      const placed = await createTag(github, { name: tag, commit: stand, message: `${title}\n` });
      if (placed.kind === 'taken') throw moved(tag, placed.commit);
      const { url } = await publishDraft(github, release);
      return { url };
    } catch (error) {
      if (!release.draft || round === rounds || !(await begunAnew(github, release, error))) throw error;
      await github.clock.sleep(backoffMs(round, github.clock.random()));
    }
  }
}

/**
 * True where another draft may do. One of a run that died holds that run's evidence, so a draft with other bytes is
 * removed as a whole: what is published comes from one run. So is one whose version another run has published
 * meanwhile. 404: another run has removed ours for that reason.
 */
async function begunAnew(github: GitHub, { id }: Release, error: unknown): Promise<boolean> {
  if (error instanceof Refusal && error.status === 404) return true;
  const late = error instanceof Refusal && error.status === 422 && error.message.includes('already_exists');
  if (!late && !(error instanceof OtherBytes)) return false;
  await deleteDraft(github, id);
  return true;
}

async function readAsset(github: GitHub, release: Release, name: string): Promise<Buffer> {
  const asset = release.assets.find((candidate) => candidate.name === name && candidate.state === 'uploaded');
  if (asset === undefined) throw missing(release.tag, `it has no file ${name}`);
  return downloadAsset(github, asset);
}

function missing(tag: string, message: string): UserError {
  return new UserError({
    code: 'ASSET_MISSING',
    message: `${tag} can't be read: ${message}`,
    at: { name: tag },
    fix: 'Restore the release from a copy, or end its line with gate.baseline.restart.',
  });
}

function tampered(tag: string, name: string, url: string): UserError {
  return new UserError({
    code: 'DIGEST_MISMATCH',
    message: `${name} of ${tag} differs from its ${sumsName}`,
    at: { file: url },
    fix: 'Restore the file from a copy; nothing is judged against changed files.',
  });
}

function moved(tag: string, commit: string): UserError {
  return new UserError({
    code: 'ASSET_CONFLICT',
    message: `the tag ${tag} already stands on ${commit.slice(0, 7)}`,
    at: { name: tag },
    fix: 'A version is tagged once: run the job again, so that it takes the next version.',
  });
}
