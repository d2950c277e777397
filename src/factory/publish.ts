import type { Promotion } from '../contracts/ledger.ts';
import { promotionDocument } from '../contracts/ledger.ts';
import type { Plan } from '../contracts/plan.ts';
import type { Verdict } from '../contracts/verdict.ts';
import { readDocument, writeDocument } from '../contracts/document.ts';
import { evidenceDocument } from '../contracts/evidence.ts';
import { UserError } from '../errors/user-error.ts';
import { formatOf } from '../model/scorer.ts';
import { formatChecksums } from '../registry/checksums.ts';
import { ledgerPaths, readHistory } from '../registry/history.ts';
import { nextVersion, versionTag } from '../registry/versions.ts';
import { releaseFiles } from './champion.ts';
import { recipeKind } from './plan.ts';
import { aboutCandidate } from './open-model.ts';
import type { HistoryPorts, RunIdentity } from './ports.ts';
import type { Prepared } from './prepared.ts';
import { interfaceSha256, releaseContent } from './release-content.ts';
import type { TrainedCandidate } from './train.ts';

export interface PublishRequest {
  readonly prepared: Prepared;
  readonly plan: Plan;
  readonly verdict: Verdict;
  readonly winner: TrainedCandidate;
  /** Version of the champion that the verdict judged against; null = none. */
  readonly judgedVersion: string | null;
  readonly notes: string;
  readonly run: RunIdentity;
  readonly now: Date;
}

export type PublishOutcome =
  | {
      readonly kind: 'published';
      readonly promotion: Promotion;
      readonly url: string;
      readonly files: ReadonlyMap<string, Uint8Array>;
    }
  /** Another run moved the champion meanwhile: the verdict has to be made again. */
  | { readonly kind: 'overtaken' };

const attempts = 5;

/**
 * Releases the winner and makes it the champion, last of all and only if the champion is still the one that was
 * judged. A second call for the same run finds its own promotion and changes nothing.
 */
export async function publish(
  request: PublishRequest,
  { ledger, releases }: HistoryPorts,
): Promise<PublishOutcome> {
  const { plan, run, judgedVersion } = request;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const snapshot = await ledger.open();
    const { champion } = await readHistory(snapshot, plan.model);
    const own = champion?.runId === run.id && champion.modelSha256 === request.winner.result.modelSha256;
    if (!own && lineVersion(champion, request.prepared) !== judgedVersion) return { kind: 'overtaken' };
    const { promotion, url, files } = await release(
      request,
      own ? champion : promotionOf(request, champion),
      champion !== null && champion.commit === plan.commit,
      releases,
    );
    if (own) return { kind: 'published', promotion, url, files };
    const tag = versionTag(plan.model, promotion.version);
    const path = ledgerPaths.promotion(plan.model, promotion.sequence);
    const text = writeDocument(promotionDocument, promotion);
    const written = await ledger.append(snapshot.head, new Map([[path, text]]), `${tag} becomes champion`);
    if (written.kind === 'written') return { kind: 'published', promotion, url, files };
  }
  throw new UserError({
    code: 'LEDGER_CONFLICT',
    message: `the history was written by others ${attempts} times in a row`,
    fix: 'Run the job again; nothing was half-published.',
  });
}

/** What would be published where there is no history to publish to: the first version. */
export function unpublished(request: PublishRequest): Extract<PublishOutcome, { kind: 'published' }> {
  const promotion = promotionOf(request, null);
  return { kind: 'published', promotion, url: '', files: releaseContent({ ...request, promotion }) };
}

/** The champion that judging sees: none where the configuration ends its line. */
function lineVersion(champion: Promotion | null, { config }: Prepared): string | null {
  return champion && config.gate.baseline?.from !== champion.version ? champion.version : null;
}

/**
 * Publishes the version. Where a run that was cut off has published the same model under it already, that release
 * and its promotion are adopted.
 */
async function release(
  request: PublishRequest,
  promotion: Promotion,
  sharesCommit: boolean,
  releases: HistoryPorts['releases'],
) {
  const { plan, notes } = request;
  const tag = versionTag(plan.model, promotion.version);
  const files = releaseContent({ ...request, promotion });
  const title = `${plan.model} ${promotion.version}`;
  const content = { tag, title, notes, commit: plan.commit, sharesCommit, files };
  try {
    const { url } = await releases.publish(content);
    return { promotion, url, files };
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'ASSET_CONFLICT') throw error;
    const published = await releases.read(
      tag,
      [...files.keys()].filter((name) => name !== releaseFiles.sums),
    );
    const text = new TextDecoder().decode(published.get(releaseFiles.evidence));
    const evidence = readDocument(evidenceDocument, text, `${tag}/${releaseFiles.evidence}`);
    const { modelSha256, sequence } = evidence.promotion;
    if (modelSha256 !== promotion.modelSha256 || sequence !== promotion.sequence) throw error;
    const { url } = await releases.publish({ ...content, files: withSums(published) });
    return { promotion: evidence.promotion, url, files: published };
  }
}

function withSums(files: ReadonlyMap<string, Uint8Array>): Map<string, Uint8Array> {
  return new Map([...files, [releaseFiles.sums, new TextEncoder().encode(formatChecksums(files))]]);
}

function promotionOf(
  { prepared, plan, verdict, winner, run, now }: PublishRequest,
  champion: Promotion | null,
): Promotion {
  const { result } = winner;
  const person = verdict.run?.person ?? null;
  const { trainer, params, seed } = result;
  const planned = plan.candidates.find(({ name }) => name === result.candidate) ?? {};
  const fresh = {
    recipe: {
      trainer,
      params,
      seed,
      ...recipeKind(planned),
    },
    format: formatOf(winner.model!),
    interfaceSha256: interfaceSha256(aboutCandidate(prepared, plan, result.candidate, winner.model!)),
  };
  return {
    schema: 'promotion/1',
    model: plan.model,
    sequence: (champion?.sequence ?? 0) + 1,
    version: nextVersion(champion, fresh),
    task: plan.task,
    target: plan.data.target,
    positive: plan.positive,
    classes: plan.classes,
    metric: plan.rankingMetric,
    candidate: result.candidate,
    ...fresh,
    modelSha256: result.modelSha256!,
    dataFingerprint: plan.data.fingerprint,
    epoch: plan.split.epoch.number,
    metrics: Object.fromEntries(Object.entries(result.metrics).map(([name, { mean }]) => [name, mean])),
    by: person
      ? { kind: 'person', who: person.who, reason: person.reason }
      : { kind: kindOf(verdict, prepared), who: null, reason: verdict.sentence },
    previous: champion?.version ?? null,
    runId: run.id,
    runUrl: run.url,
    commit: plan.commit,
    at: now.toISOString(),
  };
}

function kindOf({ reason }: Verdict, { holdout }: Prepared): Promotion['by']['kind'] {
  if (reason === 'first-run') return 'first-run';
  return holdout.length > 0 ? 'test' : 'cross-validation';
}
