import { resolve } from 'node:path';
import { givenModelOf, type GivenModel } from '../../config/pretrained.ts';
import type { CandidateConfig } from '../../config/schema.ts';
import { sha256 } from '../../contracts/digest.ts';
import type { Pretrained } from '../../contracts/plan.ts';
import { UserError } from '../../errors/user-error.ts';
import { isRegularFile, openRandomAccess, readFileOrNull } from '../../platform/files.ts';

/** Models that aren't trained here: the files that the configuration names, and the champion's where it is needed. */
export interface GivenModels {
  /** Path as it is configured -> digest of the file; null where there is none. */
  readonly files: ReadonlyMap<string, string | null>;
  /** Digest -> bytes. */
  readonly bytes: ReadonlyMap<string, Uint8Array>;
}

/** Reads the files that candidates name, whatever is in them: `requireModels` says what is wrong with them. */
export async function readModels(
  candidates: Readonly<Record<string, CandidateConfig>>,
  folder: string,
): Promise<GivenModels> {
  const files = new Map<string, string | null>();
  const bytes = new Map<string, Uint8Array>();
  for (const candidate of Object.values(candidates)) {
    const path = givenModelOf(candidate)?.model;
    if (path === undefined || files.has(path)) continue;
    const place = resolve(folder, path);
    const found = (await isRegularFile(place)) ? await readModel(place, path) : null;
    const digest = found && sha256(found);
    files.set(path, digest);
    if (found && digest !== null) bytes.set(digest, found);
  }
  return { files, bytes };
}

/** Larger files are no models of tables. */
const mostBytes = 512 * 1024 * 1024;

async function readModel(place: string, shown: string): Promise<Uint8Array | null> {
  const file = await openRandomAccess(place);
  const { byteLength } = file;
  await file.close();
  if (byteLength <= mostBytes) return readFileOrNull(place);
  throw new UserError({
    code: 'MODEL_INVALID',
    message: `the file has ${byteLength} bytes; at most ${mostBytes} are read`,
    at: { file: shown },
    fix: 'Name a smaller model; ensembles of trees shrink when trees are shallower or fewer.',
  });
}

/** The same with one more model. */
export function withModel({ files, bytes }: GivenModels, model: Uint8Array): GivenModels {
  return { files, bytes: new Map([...bytes, [sha256(model), model]]) };
}

/** The bytes of a planned model. */
export function modelOf({ bytes }: GivenModels, { sha256: digest, model }: Pretrained): Uint8Array {
  const found = bytes.get(digest);
  if (!found) throw new Error(`the bytes of ${model} are not at hand`);
  return found;
}

/** Digest of a configured model; that of no bytes where its file is not there. */
export function digestOf({ files }: GivenModels, { model }: GivenModel): string {
  return files.get(model) ?? sha256(new Uint8Array(0));
}
