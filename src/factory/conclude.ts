import type { Plan } from '../contracts/plan.ts';
import type { Config } from '../config/schema.ts';
import type { Verdict } from '../contracts/verdict.ts';
import { UserError } from '../errors/user-error.ts';
import type { PersonalChoice } from '../gate/person.ts';
import type { Git } from '../platform/git.ts';
import { againOf } from './again.ts';
import { judge } from './judge.ts';
import type { FactoryPorts } from './ports.ts';
import { publish, unpublished, type PublishOutcome } from './publish.ts';
import { recordRun } from './record.ts';
import type { Situation } from './situation.ts';
import type { TrainedCandidate } from './train.ts';
import { unchangedVerdict } from './unchanged.ts';

export interface ConcludeRequest {
  readonly situation: Situation;
  readonly plan: Plan;
  readonly trained: readonly TrainedCandidate[];
  readonly git: Git;
  readonly ports: FactoryPorts;
  readonly person: PersonalChoice | null;
  /** Reads the history again, with the same data. */
  readonly reassess: () => Promise<Situation>;
}

export interface Conclusion {
  readonly situation: Situation;
  readonly verdict: Verdict;
  /** Why the run could not be recorded: the verdict stands, but nothing may be published. */
  readonly refusal: UserError | null;
}

/** How often a run is judged again because another one moved the history meanwhile. */
const rounds = 3;

/**
 * Judges and, on the default branch, writes run and look into the history before anybody is told. Where nothing
 * changed there is nothing to judge or to write.
 */
export async function concludeRun(request: ConcludeRequest): Promise<Conclusion> {
  const { plan, trained, git, ports, person } = request;
  let { situation } = request;
  const unchanged = unchangedVerdict(situation, plan, ports.now());
  if (unchanged) return { situation, verdict: attributed(request, unchanged), refusal: null };
  for (let round = 1; ; round++) {
    const judged = await judge(situation, plan, trained, ports, git, person);
    const verdict = withheld(attributed(request, judged), situation.config);
    if (situation.question === 'merge') return { situation, verdict, refusal: null };
    if (!ports.history) return { situation, verdict: unkept(verdict), refusal: null };
    const { run, now, history } = ports;
    const results = trained.map(({ result }) => result);
    const { head } = situation;
    const record = { plan, results, verdict, head, history: situation.history, run, now: now() };
    try {
      const recorded = await recordRun(record, history.ledger);
      if (recorded === 'written') return { situation, verdict, refusal: null };
      if (round === rounds) return { situation, verdict, refusal: busy() };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return { situation, verdict, refusal: refusalOf(error, verdict) };
    }
    const moved = await request.reassess();
    if (moved.head.splitDigest !== plan.split.digest) return { situation, verdict, refusal: drawnAnew() };
    situation = moved;
  }
}

/** Publishes what passed; judges again where another run moved the champion first, three times at most. */
export async function concludeAndPublish(
  request: ConcludeRequest,
  onVerdict: (conclusion: Conclusion) => Promise<void>,
): Promise<Conclusion & { published: Extract<PublishOutcome, { kind: 'published' }> | null }> {
  const { plan, trained, ports } = request;
  let current = request;
  for (let round = 1; ; round++) {
    const conclusion = await concludeRun(current);
    await onVerdict(conclusion);
    const { situation, verdict, refusal } = conclusion;
    if (refusal) throw refusal;
    if (verdict.conclusion !== 'promote' || isWithheld(verdict, situation.config))
      return { ...conclusion, published: null };
    const winner = trained.find(({ result }) => result.candidate === verdict.winner)!;
    const publication = {
      ...{ prepared: situation.head, plan, verdict, winner, run: ports.run, now: ports.now() },
      judgedVersion: situation.champion?.version ?? null,
      notes: verdict.sentence,
    };
    const outcome = ports.history ? await publish(publication, ports.history) : unpublished(publication);
    if (outcome.kind === 'published') return { ...conclusion, published: outcome };
    // A verdict that says promote must not end well without its release.
    if (round === rounds) throw busy();
    current = { ...current, situation: await request.reassess() };
  }
}

/** Whether a promotion waits for somebody to publish it. */
export function isWithheld(
  { conclusion, reason }: Pick<Verdict, 'conclusion' | 'reason'>,
  { publish: { on } }: Pick<Config, 'publish'>,
): boolean {
  return conclusion === 'promote' && on === 'never' && reason !== 'promoted-by-person';
}

/** A promotion that waits to be published says so. */
function withheld(verdict: Verdict, config: Pick<Config, 'publish'>): Verdict {
  if (!isWithheld(verdict, config)) return verdict;
  return {
    ...verdict,
    next: 'Nothing is published yet, because publish.on is never: publish it with the action `publish` and its input from-run, or `model-factory publish`.',
  };
}

/** A promotion that nothing keeps says so. */
function unkept(verdict: Verdict): Verdict {
  if (verdict.conclusion !== 'promote') return verdict;
  return { ...verdict, next: 'Name a history to keep it as baseline (champion) for the next change.' };
}

/** The verdict with the run that made it, who decided, and how to repeat it. */
function attributed({ plan, ports, person }: ConcludeRequest, verdict: Verdict): Verdict {
  const decided = verdict.reason === 'promoted-by-person' ? person : null;
  return {
    ...verdict,
    run: {
      ...ports.run,
      person: decided && { who: decided.who, reason: decided.reason },
      again: againOf(plan, ports.history?.place ?? null, person),
    },
  };
}

/** A model that passed but can't be released is named as such. */
function refusalOf(error: UserError, { conclusion }: Verdict): UserError {
  if (error.code !== 'PERMISSION_MISSING' || conclusion !== 'promote') return error;
  const { message, at, fix } = error;
  return new UserError({
    code: 'RELEASE_FORBIDDEN',
    message: `the model passed but can't be released: ${message}`,
    at,
    fix: `${fix} The model is kept among the artifacts of this run.`,
    cause: error,
  });
}

function drawnAnew(): UserError {
  return new UserError({
    code: 'LEDGER_CONFLICT',
    message: 'another run drew the test set (hold-out) anew while this one was judged',
    fix: 'Run all jobs again, so that models are trained on the new development rows.',
  });
}

function busy(): UserError {
  return new UserError({
    code: 'LEDGER_CONFLICT',
    message: `the history was written by others ${rounds} times in a row`,
    fix: 'Run the job again.',
  });
}
