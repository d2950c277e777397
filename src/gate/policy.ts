import type { Margin } from '../config/gate-schema.ts';
import type { GateConfig } from '../config/schema.ts';
import type { Settings } from '../config/resolve.ts';

/** The rules that a model is judged by, with every default filled in. */
export interface GatePolicy {
  /** What ranks candidates and decides. */
  readonly metric: string;
  /** All metrics that are shown. */
  readonly metrics: readonly string[];
  readonly minGain: Margin;
  /** Of the promotion test as a whole: its level is 1 - confidence, shared by all looks. */
  readonly confidence: number;
  readonly maxDrop: Margin;
  readonly floor: Readonly<Partial<Record<string, number>>>;
  readonly ceiling: Readonly<Partial<Record<string, number>>>;
  readonly maxGain: Margin | null;
  readonly slices: { readonly maxDrop: Margin; readonly minRows: number } | null;
  readonly limits: Limits;
}

export interface Limits {
  readonly modelBytes: number | null;
  readonly predictMsPer1k: number | null;
  readonly trainMinutes: number | null;
}

/** The policy of a configuration. */
export function gatePolicy(
  { promote, block }: Pick<GateConfig, 'promote' | 'block'>,
  settings: Pick<Settings, 'rankingMetric' | 'metrics' | 'maxDrop'>,
): GatePolicy {
  const { slices, limits } = block;
  return {
    metric: settings.rankingMetric,
    metrics: settings.metrics,
    minGain: promote['min-gain'],
    confidence: promote.confidence,
    maxDrop: settings.maxDrop,
    floor: block.floor,
    ceiling: block.ceiling,
    maxGain: block['max-gain'] ?? null,
    slices: slices ? { maxDrop: slices['max-drop'], minRows: slices['min-rows'] } : null,
    limits: {
      modelBytes: limits['model-bytes'] ?? null,
      predictMsPer1k: limits['predict-ms-per-1k'] ?? null,
      trainMinutes: limits['train-minutes'] ?? null,
    },
  };
}

/** A margin in the metric's units: `2%` is relative to the size of the baseline's value. */
export function marginIn(margin: Margin, baseline: number): number {
  if (typeof margin === 'number') return margin;
  return (Number(margin.slice(0, -1)) / 100) * Math.abs(baseline);
}
