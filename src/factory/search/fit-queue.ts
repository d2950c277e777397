import type { JobSource } from '../../platform/job-queue.ts';
import type { Fit } from '../all-fits.ts';
import type { Lane, Step } from './lane.ts';

/** The fits of several lanes, in their order; what a fit sets free comes first. */
export class FitQueue implements JobSource<Step, Fit> {
  private readonly ready: Step[];
  private readonly laneOf = new Map<number, Lane>();

  /** `lanes`: by the candidates that each holds. */
  constructor(lanes: readonly { readonly lane: Lane; readonly candidates: readonly number[] }[]) {
    for (const { lane, candidates } of lanes)
      for (const candidate of candidates) this.laneOf.set(candidate, lane);
    this.ready = lanes.flatMap(({ lane }) => lane.begin());
  }

  next(): Step | undefined {
    return this.ready.shift();
  }

  done(step: Step, fit: Fit): void {
    this.ready.unshift(...this.laneOf.get(step.candidate)!.ended(step, fit));
  }
}
