import type { Config } from '../../config/schema.ts';
import type { Verdict } from '../../contracts/verdict.ts';
import type { UserError } from '../../errors/user-error.ts';
import type { PersonalChoice } from '../../gate/person.ts';
import { renderReport, type Section } from '../../report/report.ts';
import { requireChoice } from '../choice.ts';
import { concludeRun } from '../conclude.ts';
import {
  candidateFiles,
  documentFiles,
  loadPlan,
  loadTrained,
  modelFile,
  saveBasePlan,
  saveTrained,
  saveVerdict,
} from '../handover.ts';
import { basePlanOf } from '../plan.ts';
import type { FactoryPorts } from '../ports.ts';
import { reportOf } from '../report.ts';
import { samePlan } from '../same-plan.ts';
import { requireOwnScores, requirePlannedRecipes } from '../scores-check.ts';
import { withSides } from '../sides.ts';
import { assess } from '../situation.ts';

export interface GateStepRequest {
  /** Folder that holds plan, results, predictions and models; verdict and report are added. */
  readonly folder: string;
  /** Absolute path of the configuration. */
  readonly configFile: string;
  /** Commit to compare with; null = where the default branch was left. */
  readonly base: string | null;
  readonly person: PersonalChoice | null;
  readonly ports: FactoryPorts;
  /** Called before any data is read; may refuse the configuration. */
  readonly onProject?: (config: Config) => Promise<void>;
}

export interface Gated {
  readonly verdict: Verdict;
  readonly config: Config;
  readonly sections: readonly Section[];
  /** Names of the documents that the next step needs. */
  readonly files: readonly string[];
  /** Why the run could not be recorded: nothing may be published. */
  readonly refusal: UserError | null;
}

/** Judges what was trained, records the run on the default branch's question, and writes verdict and report. */
export async function gateStep(request: GateStepRequest): Promise<Gated> {
  const { folder, configFile, base, person, ports, onProject } = request;
  const planned = await loadPlan(folder);
  requireChoice(planned, person);
  const names = new Set(planned.candidates.map(({ name }) => name));
  const trained = (await loadTrained(folder)).filter(({ result }) => names.has(result.candidate));
  const { question } = planned;
  return withSides({ configFile, question, base, onProject }, async (sides) => {
    const reassess = () => assess(sides, question, ports.history);
    const first = await reassess();
    const { plan, extra } = await samePlan(first, planned, trained, ports, person);
    requirePlannedRecipes(plan, trained);
    requireOwnScores(first.head, trained);
    await saveTrained(folder, extra);
    const again = new Set(extra.map(({ result }) => result.candidate));
    const all = [...trained.filter(({ result }) => !again.has(result.candidate)), ...extra];
    const { git } = sides;
    const concluded = await concludeRun({
      situation: first,
      plan,
      trained: all,
      git,
      ports,
      person,
      reassess,
    });
    const { situation, verdict, refusal } = concluded;
    const basePlan = basePlanOf(situation);
    const sections = reportOf({ verdict, plan, trained: all, basePlan });
    const winner = all.find(({ result }) => result.candidate === verdict.winner);
    const files = [
      ...[documentFiles.plan, documentFiles.split],
      ...(await saveBasePlan(folder, basePlan)),
      ...(await saveVerdict(folder, verdict, renderReport(sections))),
      ...all.map(({ result }) => candidateFiles.result(result.candidate)),
      ...(winner?.model
        ? [
            candidateFiles.predictions(winner.result.candidate),
            modelFile(winner.result.candidate, winner.model),
          ]
        : []),
    ];
    return { verdict, config: situation.config, sections, files, refusal };
  });
}
