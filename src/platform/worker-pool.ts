import { Worker } from 'node:worker_threads';

/** What a worker answers: progress of the job in hand, its outcome, or its failure. */
export type WorkerMessage<Outcome> =
  | { readonly kind: 'progress'; readonly fraction: number }
  | { readonly kind: 'done'; readonly outcome: Outcome }
  | { readonly kind: 'failed'; readonly error: Error };

export interface PoolEvents<Outcome> {
  readonly onProgress?: (job: number, fraction: number) => void;
  readonly onOutcome?: (job: number, outcome: Outcome) => void;
}

/**
 * Runs jobs on worker threads, one job a thread at a time, and returns the outcomes in the order of the jobs,
 * whatever order they finish in. The first failure ends all threads and is thrown.
 * @param entry file of the worker; it gets `setup` as `workerData` and jobs as messages.
 */
export async function runOnWorkers<Outcome>(
  entry: string,
  setup: unknown,
  jobs: readonly unknown[],
  threads: number,
  events: PoolEvents<Outcome> = {},
): Promise<Outcome[]> {
  const outcomes = new Array<Outcome>(jobs.length);
  const waiting = jobs.map((_, index) => index).reverse();
  const workers = Array.from(
    { length: Math.min(threads, jobs.length) },
    () => new Worker(entry, { workerData: setup }),
  );
  try {
    await Promise.all(workers.map((worker) => drain(worker)));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return outcomes;

  async function drain(worker: Worker): Promise<void> {
    for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
      const job = index;
      const outcome = await ask<Outcome>(worker, jobs[job], (fraction) => events.onProgress?.(job, fraction));
      outcomes[job] = outcome;
      events.onOutcome?.(job, outcome);
    }
  }
}

function ask<Outcome>(
  worker: Worker,
  job: unknown,
  onProgress: (fraction: number) => void,
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void): void => {
      // By name: without one, Node 24 also forgets how to deliver further messages.
      for (const event of ['message', 'error', 'exit']) worker.removeAllListeners(event);
      finish();
    };
    worker.on('message', (message: WorkerMessage<Outcome>) => {
      if (message.kind === 'progress') onProgress(message.fraction);
      else if (message.kind === 'done') settle(() => resolve(message.outcome));
      else settle(() => reject(message.error));
    });
    worker.on('error', (error: Error) => settle(() => reject(error)));
    worker.on('exit', (code) => settle(() => reject(new Error(`worker thread ended with code ${code}`))));
    worker.postMessage(job);
  });
}
