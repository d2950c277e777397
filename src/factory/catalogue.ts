import type { Catalogue } from '../config/schema.ts';
import { metrics } from '../gate/metrics/metrics.ts';
import { trainers } from '../training/trainers.ts';

/** The trainers and metrics that a configuration may name. */
export const catalogue: Catalogue = {
  trainers: new Map([...trainers].map(([name, { params }]) => [name, params])),
  metrics: [...metrics.keys()],
};
