import { Worker } from 'node:worker_threads';
import { runQueue, type JobSource } from './job-queue.ts';

/** What a worker answers: progress of the job in hand, its outcome, or its failure. */
export type WorkerMessage<Outcome> =
  | { readonly kind: 'progress'; readonly fraction: number }
  | { readonly kind: 'done'; readonly outcome: Outcome }
  | { readonly kind: 'failed'; readonly error: Error };

/**
 * Runs jobs on worker threads, one job a thread at a time, whatever order they finish in. The first failure ends all
 * threads and is thrown.
 * @param entry file of the worker; it gets `setup` as `workerData` and jobs as messages.
 */
export async function runOnWorkers<Job, Outcome>(
  entry: string,
  setup: unknown,
  source: JobSource<Job, Outcome>,
  threads: number,
  onProgress?: (job: Job, fraction: number) => void,
): Promise<void> {
  const workers = Array.from({ length: threads }, () => new Worker(entry, { workerData: setup }));
  try {
    await runQueue(source, workers, (worker, job) =>
      ask<Outcome>(worker, job, (fraction) => onProgress?.(job, fraction)),
    );
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
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
