import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../contracts/digest.ts';
import { UserError } from '../errors/user-error.ts';
import type { ReleaseContent, ReleaseStore } from '../registry/releases.ts';
import { parseChecksums } from '../registry/checksums.ts';

const sumsName = 'SHA256SUMS';

/** Published versions as folders `<root>/<tag>/`, for laptops and tests. */
export function releaseFolder(root: string): ReleaseStore {
  return {
    read: async (tag, names) => {
      const folder = join(root, tag);
      const load = async (name: string): Promise<Uint8Array> => {
        try {
          return await readFile(join(folder, name));
        } catch (cause) {
          throw missing(tag, name, folder, cause);
        }
      };
      const text = await load(sumsName);
      const sums = parseChecksums(new TextDecoder().decode(text));
      const files = new Map<string, Uint8Array>(names === 'all' ? [[sumsName, text]] : []);
      for (const name of names === 'all' ? sums.keys() : names) {
        const bytes = await load(name);
        if (sums.get(name) !== sha256(bytes)) throw tampered(tag, name, folder);
        files.set(name, bytes);
      }
      return files;
    },
    publish: async ({ tag, files }) => {
      const folder = join(root, tag);
      const existing = await readdir(folder).catch(() => null);
      if (existing) await refuseOtherBytes(tag, folder, files);
      else await writeFolder(folder, files);
      return { url: folder };
    },
  };
}

/** Writes beside the target and renames, so that a version is there as a whole or not at all. */
async function writeFolder(folder: string, files: ReleaseContent['files']): Promise<void> {
  const draft = `${folder}.draft`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true });
  for (const [name, bytes] of files) await writeFile(join(draft, name), bytes);
  await rename(draft, folder);
}

async function refuseOtherBytes(tag: string, folder: string, files: ReleaseContent['files']): Promise<void> {
  const sums = files.get(sumsName);
  const stored = await readFile(join(folder, sumsName)).catch(() => null);
  if (sums && stored && sha256(sums) === sha256(stored)) return;
  throw new UserError({
    code: 'ASSET_CONFLICT',
    message: `${tag} was already published with other content`,
    at: { file: folder },
    fix: 'A published version never changes: publish under the next version.',
  });
}

function missing(tag: string, name: string, folder: string, cause: unknown): UserError {
  return new UserError({
    code: 'ASSET_MISSING',
    message: `${tag} has no file ${name}`,
    at: { file: folder },
    fix: 'Restore the version from a copy, or end its line with gate.baseline.restart.',
    cause,
  });
}

function tampered(tag: string, name: string, folder: string): UserError {
  return new UserError({
    code: 'DIGEST_MISMATCH',
    message: `${name} of ${tag} differs from its SHA256SUMS`,
    at: { file: join(folder, name) },
    fix: 'Restore the version from a copy; nothing is judged against changed files.',
  });
}
