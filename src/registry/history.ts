import type { DocumentType } from '../contracts/document.ts';
import { readDocument } from '../contracts/document.ts';
import {
  epochDocument,
  holdoutDocument,
  lookDocument,
  promotionDocument,
  runDocument,
  type Look,
  type Promotion,
  type RunRecord,
} from '../contracts/ledger.ts';
import type { Epoch } from '../contracts/plan.ts';
import { UserError } from '../errors/user-error.ts';
import type { LedgerSnapshot } from './store.ts';

/** What the ledger knows of one model when a run begins. */
export interface History {
  readonly head: string | null;
  readonly champion: Promotion | null;
  readonly epoch: Epoch | null;
  /** Questions that the current epoch's hold-out has answered. */
  readonly looks: readonly Look[];
  /** Units of the hold-out where the epoch lists them, 16 hexadecimal digits each; else null. */
  readonly listed: ReadonlySet<string> | null;
}

const folder = (model: string, kind: string): string => `models/${model}/${kind}/`;
const padded = (number: number): string => String(number).padStart(6, '0');

export const ledgerPaths = {
  epoch: (model: string, number: number) => `${folder(model, 'epochs')}${padded(number)}.json`,
  holdout: (model: string, epoch: number) => `${folder(model, 'holdouts')}${padded(epoch)}.json`,
  look: (model: string, epoch: number, number: number) =>
    `${folder(model, 'looks')}${padded(epoch)}-${padded(number)}.json`,
  promotion: (model: string, sequence: number) => `${folder(model, 'promotions')}${padded(sequence)}.json`,
  run: (model: string, runId: string, attempt: number) => `${folder(model, 'runs')}${runId}-${attempt}.json`,
} as const;

/**
 * Reads what judging needs. Absence is proven: an empty list means that nothing was promoted yet, and what one document
 * tells of another must be there.
 * @throws UserError LEDGER_INVALID for a damaged, missing or misplaced document, DOCUMENT_TOO_NEW for a newer one.
 */
export async function readHistory(snapshot: LedgerSnapshot, model: string): Promise<History> {
  const promoted = [...(await snapshot.list(folder(model, 'promotions')))].sort();
  const champion = await readNewest(snapshot, promoted, promotionDocument, pathOfPromotion(model));
  if (champion && promoted.length !== champion.sequence)
    throw incomplete(folder(model, 'promotions'), champion.sequence, promoted.length);
  const epochs = [...(await snapshot.list(folder(model, 'epochs')))].sort();
  const record = await readNewest(snapshot, epochs, epochDocument, (found) =>
    ledgerPaths.epoch(model, found.model === model ? found.epoch.number : 0),
  );
  const epoch = record?.epoch ?? null;
  if (champion && champion.epoch > (epoch?.number ?? 0))
    throw damaged(
      ledgerPaths.epoch(model, champion.epoch),
      'the champion was judged in an epoch that is gone',
    );
  const looks = epoch ? await readLooks(snapshot, model, epoch) : [];
  if (champion?.by.kind === 'test' && champion.epoch === epoch?.number) requireLookOf(champion, looks);
  const listed = epoch?.listed
    ? await readEntry(snapshot, ledgerPaths.holdout(model, epoch.number), holdoutDocument)
    : null;
  return { head: snapshot.head, champion, epoch, looks, listed: listed && unitsOf(listed.units) };
}

/** The looks of an epoch, oldest first: the newest file tells the earlier ones; files from before it did are read each. */
async function readLooks(snapshot: LedgerSnapshot, model: string, { number }: Epoch): Promise<Look[]> {
  const prefix = `${folder(model, 'looks')}${padded(number)}-`;
  const files = [...(await snapshot.list(prefix))].sort();
  const newest = await readNewest(snapshot, files, lookDocument, (look) =>
    ledgerPaths.look(model, look.model === model ? look.epoch : 0, look.number),
  );
  if (!newest) return [];
  const tellsAll = newest.earlier.length === newest.number - 1;
  const older = () => Promise.all(files.slice(0, -1).map((path) => readEntry(snapshot, path, lookDocument)));
  const all = [...(tellsAll ? newest.earlier : await older()), newest];
  if (!all.every((look, i) => look.number === i + 1)) throw incomplete(prefix, newest.number, all.length);
  return all.map(({ number, modelSha256, conclusion, until }) => ({
    number,
    modelSha256,
    conclusion,
    until,
  }));
}

/** A champion that the hold-out decided has a look there: without it, looks would be counted too low. */
function requireLookOf({ model, version, modelSha256, epoch }: Promotion, looks: readonly Look[]): void {
  if (looks.some((look) => look.modelSha256 === modelSha256)) return;
  throw damaged(
    `${folder(model, 'looks')}${padded(epoch)}-*`,
    `the question to the test set (hold-out) that promoted ${version} is gone`,
  );
}

/** Bytes of listed units as base64, 8 a unit, and back. */
export function encodeUnits(units: Iterable<string>): string {
  return Buffer.from([...units].join(''), 'hex').toString('base64');
}

function unitsOf(text: string): Set<string> {
  return new Set(Buffer.from(text, 'base64').toString('hex').match(/.{16}/g) ?? []);
}

/** The newest run of a model; null where there is none that can be read. */
export async function readLatestRun(snapshot: LedgerSnapshot, model: string): Promise<RunRecord | null> {
  try {
    // Longer numbers are later ones.
    const files = [...(await snapshot.list(folder(model, 'runs')))];
    const last = files.sort((a, b) => a.length - b.length || (a < b ? -1 : 1)).at(-1);
    return last === undefined ? null : await readEntry(snapshot, last, runDocument);
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

/** What the history holds of one run, an entry for each attempt. */
export async function readRuns(snapshot: LedgerSnapshot, model: string, runId: string): Promise<RunRecord[]> {
  const attempts = await snapshot.list(`${folder(model, 'runs')}${runId}-`);
  const records = await Promise.all(attempts.map((path) => readEntry(snapshot, path, runDocument)));
  return records.filter((record) => record.runId === runId);
}

/** Names of the models that were ever promoted, sorted. */
export async function readModels(snapshot: LedgerSnapshot): Promise<string[]> {
  const promoted = /^models\/([^/]+)\/promotions\//;
  const names = (await snapshot.list('models/')).flatMap((path) => promoted.exec(path)?.[1] ?? []);
  return [...new Set(names)].sort();
}

/** All promotions of a model, oldest first. */
export async function readPromotions(snapshot: LedgerSnapshot, model: string): Promise<Promotion[]> {
  const files = [...(await snapshot.list(folder(model, 'promotions')))].sort();
  return Promise.all(
    files.map((path) => readPlaced(snapshot, path, promotionDocument, pathOfPromotion(model))),
  );
}

/** The promotion that a version stands for, or null; newest first, because the newest are asked for most. */
export async function findPromotion(
  snapshot: LedgerSnapshot,
  model: string,
  version: string,
): Promise<Promotion | null> {
  for (const path of [...(await snapshot.list(folder(model, 'promotions')))].sort().reverse()) {
    const promotion = await readEntry(snapshot, path, promotionDocument);
    if (promotion.version === version) return promotion;
  }
  return null;
}

const pathOfPromotion = (model: string) => (promotion: Promotion) =>
  ledgerPaths.promotion(model, promotion.model === model ? promotion.sequence : 0);

/** The last document of a series. */
async function readNewest<T>(
  snapshot: LedgerSnapshot,
  sorted: readonly string[],
  type: DocumentType<T>,
  pathOf: (document: T) => string,
): Promise<T | null> {
  const last = sorted.at(-1);
  return last === undefined ? null : readPlaced(snapshot, last, type, pathOf);
}

/** A document whose name must be the one that its content gives it. */
async function readPlaced<T>(
  snapshot: LedgerSnapshot,
  path: string,
  type: DocumentType<T>,
  pathOf: (document: T) => string,
): Promise<T> {
  const document = await readEntry(snapshot, path, type);
  if (pathOf(document) === path) return document;
  throw damaged(path, `its content belongs to another place than its name says`);
}

async function readEntry<T>(snapshot: LedgerSnapshot, path: string, type: DocumentType<T>): Promise<T> {
  const text = await snapshot.read(path);
  try {
    if (text !== null) return readDocument(type, text, path);
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'DOCUMENT_INVALID') throw error;
    throw damaged(path, error.message, error);
  }
  throw damaged(path, 'the file vanished while it was read');
}

function incomplete(path: string, expected: number, found: number): UserError {
  return damaged(path, `${expected} documents should be here, ${found} are`);
}

function damaged(path: string, message: string, cause?: unknown): UserError {
  return new UserError({
    code: 'LEDGER_INVALID',
    message: `the history can't be trusted: ${message}`,
    at: { file: path },
    fix: 'Restore the file from a copy or an earlier commit of the history branch. Nothing is judged against a guess.',
    cause,
  });
}
