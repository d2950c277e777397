import { dirname, join } from 'node:path';
import type { Config } from '../config/schema.ts';
import type { Plan } from '../contracts/plan.ts';
import type { Verdict } from '../contracts/verdict.ts';
import { writeFileAtomic } from '../platform/files.ts';
import { Git } from '../platform/git.ts';
import { buildReport, renderReport, type ReportLinks, type Section } from '../report/report.ts';
import { defaultBase, withBase, type BaseCheckout } from './base-side.ts';
import { concludeAndPublish, type Conclusion } from './conclude.ts';
import { saveBasePlan, savePlan, saveTrained, saveVerdict } from './handover.ts';
import { basePlanOf, planOf } from './plan.ts';
import type { FactoryPorts } from './ports.ts';
import { openProject } from './project.ts';
import type { Person, PublishOutcome } from './publish.ts';
import { assess } from './situation.ts';
import { trainCandidates } from './train.ts';
import { withoutNeedlessTraining } from './unchanged.ts';

export interface RunRequest {
  /** Absolute path of the configuration. */
  readonly configFile: string;
  /** Folder for the documents. */
  readonly outFolder: string;
  readonly question: Plan['question'];
  /** Commit to compare with; null = where the default branch was left. */
  readonly base: string | null;
  readonly person: Person | null;
  readonly links: ReportLinks;
  readonly ports: FactoryPorts;
  /** Called as soon as the verdict stands, before anything is published. */
  readonly onVerdict?: (told: {
    verdict: Verdict;
    sections: readonly Section[];
    config: Config;
  }) => Promise<void>;
}

export interface RunOutcome {
  readonly verdict: Verdict;
  readonly config: Config;
  readonly sections: readonly Section[];
  readonly published: Extract<PublishOutcome, { kind: 'published' }> | null;
}

/** One process trains everything itself. */
const oneShard = 1;

/** The whole loop in one process: plan, train, judge, report, and publish what passed. */
export async function runFactory(request: RunRequest): Promise<RunOutcome> {
  return withSides(request, (checkout, commit, git) => runOn(request, commit, checkout, git));
}

/**
 * Runs `body` with the base side laid out, if the question needs one, and the commit of this checkout. A mistake in
 * the configuration's name is told before anything is laid out.
 */
export async function withSides<T>(
  { configFile, question, base }: Pick<RunRequest, 'configFile' | 'question' | 'base'>,
  body: (checkout: BaseCheckout | null, commit: string | null, git: Git) => Promise<T>,
): Promise<T> {
  await openProject(configFile);
  const git = new Git(dirname(configFile));
  const isRepository = await git.isRepository();
  const commit = isRepository ? await git.resolve('HEAD') : null;
  if (question === 'promote') return body(null, commit, git);
  const baseCommit = base === null ? await defaultBase(git) : await git.requireCommit(base);
  if (baseCommit === null) return body(null, commit, git);
  return withBase(git, baseCommit, configFile, (checkout) => body(checkout, commit, git));
}

async function runOn(
  request: RunRequest,
  commit: string | null,
  checkout: BaseCheckout | null,
  git: Git,
): Promise<RunOutcome> {
  const { ports, question, outFolder, person, links } = request;
  const project = await openProject(request.configFile);
  const reassess = () => assess(project, question, commit, checkout, ports.history);
  const situation = await reassess();
  const whole = planOf(situation, commit, checkout?.commit ?? null, oneShard);
  const plan = person ? whole : withoutNeedlessTraining(situation, whole, ports.run.event);
  await savePlan(outFolder, plan, situation.head);
  const { workers, progress, environment, now } = ports;
  const needed = plan.shards.length > 0 ? plan.candidates : [];
  const trained = await trainCandidates(situation.head, needed, {
    ...{ workers, progress, environment, now, runUrl: ports.run.url },
  });
  await saveTrained(outFolder, trained);
  const basePlan = basePlanOf(situation);
  await saveBasePlan(outFolder, basePlan);
  const sectionsOf = ({ verdict }: Conclusion): Section[] =>
    buildReport({
      verdict,
      plan,
      results: trained.map(({ result }) => result),
      basePlan,
      links,
      command: null,
    });
  const concluded = await concludeAndPublish(
    { situation, plan, trained, git, ports, person, reassess },
    async (conclusion) => {
      const sections = sectionsOf(conclusion);
      await saveVerdict(outFolder, conclusion.verdict, renderReport(sections));
      await request.onVerdict?.({
        verdict: conclusion.verdict,
        sections,
        config: conclusion.situation.config,
      });
    },
  );
  for (const [name, bytes] of concluded.published?.files ?? [])
    await writeFileAtomic(join(outFolder, 'model', name), bytes);
  const { verdict, published } = concluded;
  return { verdict, config: concluded.situation.config, sections: sectionsOf(concluded), published };
}
