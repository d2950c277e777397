import { sha256 } from '../../contracts/digest.ts';
import { UserError } from '../../errors/user-error.ts';
import type { ReleaseContent, ReleaseStore } from '../../registry/releases.ts';
import { parseChecksums } from '../../registry/checksums.ts';
import { type GitHub } from './client.ts';
import {
  downloadAsset,
  ensureAsset,
  openRelease,
  publishDraft,
  readRelease,
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
      const sums = parseChecksums((await readAsset(github, release, sumsName)).toString());
      const files = new Map<string, Uint8Array>();
      for (const name of names) {
        const bytes = await readAsset(github, release, name);
        if (sums.get(name) !== sha256(bytes)) throw tampered(tag, name, release.url);
        files.set(name, bytes);
      }
      return files;
    },
    publish: (content) => publish(github, content),
  };
}

async function publish(github: GitHub, content: ReleaseContent): Promise<{ readonly url: string }> {
  const { tag, title, notes, commit, files } = content;
  if (commit === null) throw new Error('a release on GitHub stands on a commit');
  const stand = content.sharesCommit ? await commitBesideVersion(github, { tag, commit }) : commit;
  const release = await openRelease(github, { tag, commit: stand, title, notes });
  for (const [name, bytes] of files) await ensureAsset(github, release, name, bytes);
  const placed = await createTag(github, { name: tag, commit: stand, message: `${title}\n` });
  if (placed.kind === 'taken') throw moved(tag, placed.commit);
  const { url } = await publishDraft(github, release);
  return { url };
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
