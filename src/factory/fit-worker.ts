import { parentPort, workerData } from 'node:worker_threads';
import type { WorkerMessage } from '../platform/worker-pool.ts';
import {
  runFoldFit,
  type FitSetup,
  type FoldFit,
  type FoldFitOutcome,
} from '../training/cross-validation.ts';

const progressEveryMs = 200;

/** Body of a worker thread: answers each fit it is sent. */
export function serveFits(): void {
  const port = parentPort;
  if (!port) throw new Error('serveFits runs on a worker thread only');
  const setup = workerData as FitSetup;
  const now = (): number => performance.now();
  const send = (message: WorkerMessage<FoldFitOutcome>): void => port.postMessage(message);
  port.on('message', (job: FoldFit) => {
    let last = now();
    try {
      const outcome = runFoldFit(setup, job, now, (fraction) => {
        if (now() - last < progressEveryMs) return;
        last = now();
        send({ kind: 'progress', fraction });
      });
      send({ kind: 'done', outcome });
    } catch (error) {
      send({ kind: 'failed', error: error instanceof Error ? error : new Error(String(error)) });
    }
  });
}
