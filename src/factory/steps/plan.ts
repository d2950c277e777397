import type { Plan } from '../../contracts/plan.ts';
import type { PersonalChoice } from '../../gate/person.ts';
import { requireSlices } from '../../gate/slices.ts';
import { requireChoice } from '../choice.ts';
import { clearDocuments, saveBasePlan, savePlan } from '../handover.ts';
import { basePlanOf, planOf } from '../plan.ts';
import type { HistoryPorts } from '../ports.ts';
import { requireModels } from '../pretrained/require-models.ts';
import { withSides, type Sides, type SidesRequest } from '../sides.ts';
import { assess, type Situation } from '../situation.ts';
import { withoutNeedlessTraining } from '../unchanged.ts';

export interface PlanStepRequest extends SidesRequest {
  /** Folder for the documents. */
  readonly outFolder: string;
  readonly maxShards: number;
  readonly history: HistoryPorts | null;
  /** What started the run; see `withoutNeedlessTraining`. */
  readonly event: string;
  readonly person: PersonalChoice | null;
}

export interface Planned {
  readonly situation: Situation;
  readonly plan: Plan;
  /** Names of the documents written. */
  readonly files: readonly string[];
  /** Reads the history again, with the same data. */
  readonly reassess: () => Promise<Situation>;
}

/** Decides what is trained, in how many jobs, and writes it down. Documents of an earlier run are removed. */
export async function planStep(request: PlanStepRequest): Promise<Planned> {
  return withSides(request, (sides) => planBeside(sides, request));
}

/** The same where the sides are laid out already. */
export async function planBeside(sides: Sides, request: PlanStepRequest): Promise<Planned> {
  const { question, outFolder, maxShards, history, event, person } = request;
  const reassess = () => assess(sides, question, history);
  const situation = await reassess();
  requireModels(situation.head);
  requireSlices(situation.head.dataset.table, situation.head.config.gate.block.slices?.columns);
  const whole = planOf(situation, sides.commit, sides.checkout?.commit ?? null, maxShards);
  requireChoice(whole, person);
  const plan = person ? whole : withoutNeedlessTraining(situation, whole, event);
  await clearDocuments(outFolder);
  const files = [
    ...(await savePlan(outFolder, plan, situation.head)),
    ...(await saveBasePlan(outFolder, basePlanOf(situation))),
  ];
  return { situation, plan, files, reassess };
}
