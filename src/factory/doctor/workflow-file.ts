import { isMap, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { positionOf } from '../../config/load.ts';
import type { Place } from '../../errors/user-error.ts';
import type { Finding } from './finding.ts';

const block = z.record(z.string(), z.unknown());
const text = z.string().catch('');

const stepSchema = z.object({
  uses: text.default(''),
  // Inputs are texts to an action, whatever YAML reads in them.
  with: z.record(z.string(), z.coerce.string()).catch({}).default({}),
});

const jobSchema = z.object({
  if: z.coerce.string().default(''),
  permissions: z.unknown().optional(),
  concurrency: z.unknown().optional(),
  strategy: block.catch({}).default({}),
  steps: z.array(stepSchema).catch([]).default([]),
});

const workflowSchema = z.object({
  on: z.unknown(),
  permissions: z.unknown().optional(),
  concurrency: z.unknown().optional(),
  jobs: z.record(z.string(), jobSchema).catch({}).default({}),
});

export type Step = z.infer<typeof stepSchema>;
export type Job = z.infer<typeof jobSchema>;

/** A use of one of our actions: `action` is `factory` for the root one. */
export interface OwnStep {
  readonly index: number;
  readonly step: Step;
  readonly action: string;
  /** Account and repository. */
  readonly repository: string;
  readonly ref: string;
}

export interface WorkflowFile extends Omit<z.infer<typeof workflowSchema>, 'on'> {
  /** Event -> its filters. */
  readonly triggers: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Place of the value at a path, or of its closest parent that is written. */
  placeOf(path: readonly PropertyKey[]): Place;
}

export type ReadWorkflow =
  | { readonly kind: 'workflow'; readonly workflow: WorkflowFile }
  | { readonly kind: 'broken'; readonly finding: Finding };

/** Reads a workflow as far as the rules need it; what GitHub would refuse anyway reads as not written. */
export function readWorkflow(source: string, file: string): ReadWorkflow {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, schema: 'core' });
  const broken = (message: string, line: number): ReadWorkflow => ({
    kind: 'broken',
    finding: {
      ...{ level: 'fail', check: 'workflow', message, at: { file, line } },
      fix: 'Mend the YAML at this place: GitHub ignores the whole file.',
    },
  });
  const [error] = document.errors;
  if (error) {
    const [message = ''] = error.message.split(/ at line |\n/);
    return broken(message, lines.linePos(error.pos[0]).line);
  }
  if (!isMap(document.contents)) return broken('the file is no workflow', 1);
  const parsed = workflowSchema.safeParse(document.toJS({ maxAliasCount: 100 }));
  if (!parsed.success) return broken('the file is no workflow', 1);
  const { on, ...rest } = parsed.data;
  return {
    kind: 'workflow',
    workflow: {
      ...rest,
      triggers: triggersOf(on),
      placeOf: (path) => {
        const { line } = positionOf(document, lines, path);
        return { file, line };
      },
    },
  };
}

function triggersOf(on: unknown): WorkflowFile['triggers'] {
  if (typeof on === 'string') return { [on]: {} };
  if (Array.isArray(on)) return Object.fromEntries(on.map((event) => [String(event), {}]));
  const events = block.safeParse(on);
  if (!events.success) return {};
  return Object.fromEntries(
    Object.entries(events.data).map(([event, filters]) => [event, block.catch({}).parse(filters)]),
  );
}

const own = /^([\w.-]+\/[\w.-]*model-factory[\w.-]*)(?:\/([a-z]+))?@(.+)$/i;

/** The steps of a job that use our actions, in order. */
export function ownSteps(job: Job): OwnStep[] {
  return job.steps.flatMap((step, index) => {
    const [, repository, action = 'factory', ref] = own.exec(step.uses) ?? [];
    return repository === undefined || ref === undefined ? [] : [{ index, step, action, repository, ref }];
  });
}
