import { dirname, join } from 'node:path';
import type { Config } from '../config/schema.ts';
import { writeDocument } from '../contracts/document.ts';
import { planDocument, type Plan } from '../contracts/plan.ts';
import { resultDocument } from '../contracts/result.ts';
import { verdictDocument, type Verdict } from '../contracts/verdict.ts';
import { Git } from '../platform/git.ts';
import { writeFileAtomic } from '../platform/files.ts';
import { buildReport, renderReport } from '../report/report.ts';
import { renderText } from '../report/terminal.ts';
import { defaultBase, withBase, type BaseCheckout } from './base-side.ts';
import { judge } from './judge.ts';
import { makePlan } from './plan.ts';
import type { FactoryPorts } from './ports.ts';
import { openProject } from './project.ts';
import { publish, type PublishOutcome } from './publish.ts';
import { recordRun } from './record.ts';
import { assess, type Situation } from './situation.ts';
import { trainCandidates, type TrainedCandidate } from './train.ts';

export interface RunRequest {
  /** Absolute path of the configuration. */
  readonly configFile: string;
  /** Folder for the documents. */
  readonly outFolder: string;
  readonly question: Plan['question'];
  /** Commit to compare with; null = where the default branch was left. */
  readonly base: string | null;
  /** Width of the terminal's text, in characters. */
  readonly columns: number;
  readonly ports: FactoryPorts;
}

export interface RunOutcome {
  readonly verdict: Verdict;
  readonly config: Config;
  /** The report for a terminal. */
  readonly text: string;
  readonly published: Extract<PublishOutcome, { kind: 'published' }> | null;
}

/** Most jobs of one process: it trains everything itself. */
const oneShard = 1;

/** How often a run is judged again because another one moved the history meanwhile. */
const rounds = 3;

/** The whole loop in one process: plan, train, judge, report, and publish what passed. */
export async function runFactory(request: RunRequest): Promise<RunOutcome> {
  const git = new Git(dirname(request.configFile));
  const commit = (await git.isRepository()) ? await git.resolve('HEAD') : null;
  const base = request.question === 'merge' ? await baseCommit(git, request.base) : null;
  if (base === null) return runOn(request, commit, null, git);
  return withBase(git, base, request.configFile, (checkout) => runOn(request, commit, checkout, git));
}

async function baseCommit(git: Git, revision: string | null): Promise<string | null> {
  return revision === null ? defaultBase(git) : git.requireCommit(revision);
}

async function runOn(
  request: RunRequest,
  commit: string | null,
  checkout: BaseCheckout | null,
  git: Git,
): Promise<RunOutcome> {
  const { ports, question, outFolder } = request;
  const project = await openProject(request.configFile);
  const situation = await assess(project, question, commit, checkout, ports.history);
  const plan = planFor(situation, commit, checkout);
  await save(outFolder, 'plan.json', writeDocument(planDocument, plan));
  const trained = await trainCandidates(situation.head, plan.candidates, {
    ...{ workers: ports.workers, progress: ports.progress, environment: ports.environment, now: ports.now },
    runUrl: ports.run.url,
  });
  await saveTrained(outFolder, trained);
  const { verdict, published } = await conclude(situation, plan, trained, request, git);
  await save(outFolder, 'verdict.json', writeDocument(verdictDocument, verdict));
  const sections = buildReport({
    verdict,
    plan,
    results: trained.map(({ result }) => result),
    basePlan:
      situation.base.kind === 'ready'
        ? planFor({ ...situation, head: situation.base.prepared }, null, null)
        : null,
    links: { runUrl: ports.run.url, commitUrl: null, artifactUrl: null },
    command: null,
  });
  await save(outFolder, 'report.md', renderReport(sections));
  for (const [name, bytes] of published?.files ?? []) await save(outFolder, join('model', name), bytes);
  return { verdict, config: situation.config, text: renderText(sections, request.columns), published };
}

function planFor(situation: Situation, commit: string | null, checkout: BaseCheckout | null): Plan {
  return makePlan(situation.head, {
    question: situation.question,
    commit,
    base: checkout?.commit ?? null,
    policyCommit: situation.policyCommit,
    champion: situation.champion,
    maxShards: oneShard,
  });
}

/** Judges, records and publishes; again where another run moved the history in between. */
async function conclude(
  first: Situation,
  plan: Plan,
  trained: readonly TrainedCandidate[],
  { ports, configFile, question }: RunRequest,
  git: Git,
): Promise<Pick<RunOutcome, 'verdict' | 'published'>> {
  let situation = first;
  for (let round = 1; ; round++) {
    const verdict = await judge(situation, plan, trained, ports, git);
    if (question === 'merge' || !ports.history) return { verdict, published: null };
    const { history } = situation;
    const { run, now } = ports;
    const results = trained.map(({ result }) => result);
    const recorded = await recordRun(
      { plan, results, verdict, history, run, now: now() },
      ports.history.ledger,
    );
    if (recorded === 'written') {
      if (verdict.conclusion !== 'promote' || situation.config.publish.on === 'never')
        return { verdict, published: null };
      const winner = trained.find(({ result }) => result.candidate === verdict.winner)!;
      const judgedSequence = history.champion?.sequence ?? 0;
      const outcome = await publish(
        {
          prepared: situation.head,
          plan,
          verdict,
          winner,
          judgedSequence,
          person: null,
          notes: verdict.sentence,
          run,
          now: now(),
        },
        ports.history,
      );
      if (outcome.kind === 'published') return { verdict, published: outcome };
    }
    if (round === rounds)
      return { verdict: await judge(situation, plan, trained, ports, git), published: null };
    situation = await assess(await openProject(configFile), question, plan.commit, null, ports.history);
  }
}

async function saveTrained(folder: string, trained: readonly TrainedCandidate[]): Promise<void> {
  for (const { result, predictions, onnx } of trained) {
    await save(folder, join('results', `${result.candidate}.json`), writeDocument(resultDocument, result));
    if (predictions) await save(folder, join('predictions', `${result.candidate}.bin`), predictions);
    if (onnx) await save(folder, join('candidates', `${result.candidate}.onnx`), onnx);
  }
}

function save(folder: string, name: string, content: string | Uint8Array): Promise<void> {
  return writeFileAtomic(join(folder, name), content);
}
