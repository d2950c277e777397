import { join } from 'node:path';
import type { Config } from '../config/schema.ts';
import type { Conclusion, Verdict } from '../contracts/verdict.ts';
import { UserError } from '../errors/user-error.ts';
import { troubleOf, type ModelReport } from '../report/combine.ts';
import type { Section } from '../report/report.ts';
import { openProject } from './project.ts';
import type { PublishOutcome } from './publish.ts';
import { runFactory, type RunRequest } from './run.ts';

type Published = Extract<PublishOutcome, { kind: 'published' }>;

/** What became of one of several models. `error` where its run ended in one, before or after the verdict. */
export type ModelRun =
  | {
      readonly kind: 'judged';
      readonly verdict: Verdict;
      readonly config: Config;
      readonly sections: readonly Section[];
      readonly published: Published | null;
      readonly error: unknown;
    }
  | { readonly kind: 'broken'; readonly model: string; readonly error: unknown };

/** `shown` = the path of the configuration as messages name it. */
export interface SeveralRequest extends Pick<
  RunRequest,
  'question' | 'base' | 'ports' | 'cache' | 'onProject' | 'onPlan'
> {
  readonly configFiles: readonly { readonly path: string; readonly shown: string }[];
  /** Folder for the documents, one folder a model in it. */
  readonly outFolder: string;
  /** Called with everything so far after each model, and the folder of the newest one's documents. */
  readonly onModel: (runs: readonly ModelRun[], folder: string) => Promise<void>;
}

/** Runs the whole loop for one model after the other; an error of one doesn't stop the others. */
export async function runSeveral(request: SeveralRequest): Promise<ModelRun[]> {
  const runs: ModelRun[] = [];
  const seen = new Map<string, string>();
  for (const { path, shown } of request.configFiles) {
    const folder = join(request.outFolder, String(runs.length + 1));
    const body = () => runOne({ ...request, configFile: path, outFolder: folder }, shown, seen);
    runs.push(await request.ports.logger.group(shown, body));
    await request.onModel(runs, folder);
  }
  return runs;
}

async function runOne(
  request: Omit<RunRequest, 'person' | 'onVerdict'>,
  shown: string,
  seen: Map<string, string>,
): Promise<ModelRun> {
  let model = shown;
  const told: { verdict: Verdict; sections: readonly Section[]; config: Config }[] = [];
  try {
    const { config } = (await openProject(request.configFile)).loaded;
    const twin = seen.get(config.model);
    if (twin !== undefined) throw sameName(config.model, shown, twin);
    model = config.model;
    seen.set(model, shown);
    const onVerdict: NonNullable<RunRequest['onVerdict']> = (verdict) =>
      Promise.resolve(void told.push(verdict));
    const outcome = await runFactory({ ...request, person: null, onVerdict });
    return { kind: 'judged', ...outcome, error: null };
  } catch (error) {
    const last = told.at(-1);
    return last ? { kind: 'judged', ...last, published: null, error } : { kind: 'broken', model, error };
  }
}

function sameName(model: string, file: string, twin: string): UserError {
  return new UserError({
    code: 'CONFIG_INVALID',
    message: `${twin} already has a model named ${model}`,
    at: { file, name: 'model' },
    fix: 'Give each model a name of its own: history, versions and releases go by it.',
  });
}

/** The reports of the runs, for `combine`. */
export function reportsOf(runs: readonly ModelRun[]): ModelReport[] {
  return runs.map((run) => {
    const trouble = run.error === null ? null : troubleOf(run.error);
    if (run.kind === 'broken') return { kind: 'broken', model: run.model, trouble: trouble! };
    return { kind: 'judged', verdict: run.verdict, sections: run.sections, url: null, trouble };
  });
}

/** One line of the output `models`. */
export interface ModelOutput {
  readonly model: string;
  /** `error` where the run ended in one; then `reason` is its code. */
  readonly conclusion: Conclusion | 'error';
  readonly reason: string;
  /** Version that was published; empty where none was. */
  readonly version: string;
}

export function modelOutput(run: ModelRun): ModelOutput {
  const model = run.kind === 'judged' ? run.verdict.model : run.model;
  if (run.error !== null || run.kind === 'broken')
    return { model, conclusion: 'error', reason: troubleOf(run.error).code, version: '' };
  const { conclusion, reason } = run.verdict;
  return { model, conclusion, reason, version: run.published?.promotion.version ?? '' };
}
