/** An annotation of a step: `::error file=…::message`. */
export interface Annotation {
  readonly level: 'notice' | 'warning' | 'error';
  readonly title: string;
  readonly file: string;
  readonly message: string;
}

/** What a run of act did. Jobs of a matrix are named `job (value, value)`. */
export interface ActRun {
  readonly exitCode: number;
  readonly ms: number;
  readonly jobs: Readonly<Record<string, string>>;
  /** Outputs of steps by job, the later step winning. */
  readonly outputs: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Job summaries in the order they were written. */
  readonly summaries: readonly { readonly job: string; readonly markdown: string }[];
  readonly annotations: readonly Annotation[];
  /** Every line, for a failing test's message. */
  readonly log: readonly string[];
}

/** One line of `act --json`, as far as it is used. */
interface Line {
  readonly msg?: string;
  readonly jobID?: string;
  readonly matrix?: Readonly<Record<string, unknown>>;
  readonly jobResult?: string;
  readonly command?: string;
  readonly name?: string;
  readonly arg?: string;
  readonly content?: string;
  readonly kvPairs?: Readonly<Record<string, string>>;
}

/** Reads act's JSON lines. */
export class ActLog {
  readonly #jobs: Record<string, string> = {};
  readonly #outputs: Record<string, Record<string, string>> = {};
  readonly #summaries: { job: string; markdown: string }[] = [];
  readonly #annotations: Annotation[] = [];
  readonly #log: string[] = [];

  add(text: string): void {
    const line = parse(text);
    this.#log.push(line?.msg?.trimEnd() ?? text);
    if (line === null) return;
    const job = jobName(line);
    if (line.jobResult !== undefined) this.#jobs[job] = line.jobResult;
    switch (line.command) {
      case 'set-output':
        (this.#outputs[job] ??= {})[line.name ?? ''] = line.arg ?? '';
        break;
      case 'summary':
        this.#summaries.push({ job, markdown: line.content ?? '' });
        break;
      case 'notice':
      case 'warning':
      case 'error': {
        const { title = '', file = '' } = line.kvPairs ?? {};
        this.#annotations.push({ level: line.command, title, file, message: line.arg ?? '' });
        break;
      }
    }
  }

  finish(exitCode: number, ms: number): ActRun {
    return {
      exitCode,
      ms,
      jobs: this.#jobs,
      outputs: this.#outputs,
      summaries: this.#summaries,
      annotations: this.#annotations,
      log: this.#log,
    };
  }
}

function parse(text: string): Line | null {
  try {
    return JSON.parse(text) as Line;
  } catch {
    return null;
  }
}

function jobName({ jobID = '', matrix = {} }: Line): string {
  const values = Object.values(matrix).map((value) =>
    typeof value === 'string' ? value : JSON.stringify(value),
  );
  return values.length === 0 ? jobID : `${jobID} (${values.join(', ')})`;
}
