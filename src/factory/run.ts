import type { Config } from '../config/schema.ts';
import type { Plan } from '../contracts/plan.ts';
import type { Verdict } from '../contracts/verdict.ts';
import type { PersonalChoice } from '../gate/person.ts';
import { renderReport, type Section } from '../report/report.ts';
import { concludeAndPublish } from './conclude.ts';
import { keepInStore } from './cache/keep.ts';
import type { ResultCache } from './cache/take.ts';
import { planSummary } from './cost.ts';
import { saveModel, saveTrained, saveVerdict } from './handover.ts';
import { inOrder, toTrain } from './needless.ts';
import { basePlanOf } from './plan.ts';
import type { FactoryPorts } from './ports.ts';
import type { PublishOutcome } from './publish.ts';
import { reportOf } from './report.ts';
import { withSides, type Sides } from './sides.ts';
import { planBeside } from './steps/plan.ts';
import { trainCandidates } from './train.ts';

export interface RunRequest {
  /** Absolute path of the configuration. */
  readonly configFile: string;
  /** Folder for the documents. */
  readonly outFolder: string;
  readonly question: Plan['question'];
  /** Commit to compare with; null = where the default branch was left. */
  readonly base: string | null;
  readonly person: PersonalChoice | null;
  readonly ports: FactoryPorts;
  /** Null = whatever is needed is trained. */
  readonly cache: ResultCache | null;
  /** Called before any data is read; may refuse the configuration. */
  readonly onProject?: (config: Config) => Promise<void>;
  /** Called before anything is trained; may refuse the plan. */
  readonly onPlan?: (plan: Plan) => Promise<void>;
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
  return withSides(request, (sides) => runBeside(sides, request));
}

async function runBeside(sides: Sides, request: RunRequest): Promise<RunOutcome> {
  const { ports, outFolder, person } = request;
  const { workers, progress, environment, now, run, history } = ports;
  const { situation, plan, cached, reassess } = await planBeside(sides, {
    ...{ ...request, maxShards: oneShard, history, event: run.event, logger: ports.logger },
  });
  await request.onPlan?.(plan);
  if (cached.length > 0) ports.logger.info(planSummary(plan));
  const fresh = await trainCandidates(situation.head, toTrain(plan), {
    ...{ workers, progress, environment, now, runUrl: run.url },
  });
  await saveTrained(outFolder, fresh);
  await keepInStore(request.cache, [...cached, ...fresh]);
  const trained = inOrder(plan, [...cached, ...fresh]);
  const basePlan = basePlanOf(situation);
  const sectionsOf = (verdict: Verdict): Section[] => reportOf({ verdict, plan, trained, basePlan });
  const { git } = sides;
  const concluded = await concludeAndPublish(
    { situation, plan, trained, git, ports, person, reassess },
    async ({ verdict, situation: { config } }) => {
      const sections = sectionsOf(verdict);
      await saveVerdict(outFolder, verdict, renderReport(sections));
      await request.onVerdict?.({ verdict, sections, config });
    },
  );
  const { verdict, published } = concluded;
  if (published) await saveModel(outFolder, published.files);
  return { verdict, config: concluded.situation.config, sections: sectionsOf(verdict), published };
}
