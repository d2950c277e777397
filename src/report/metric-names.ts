import { metrics } from '../gate/metrics/metrics.ts';

/** `log loss`; an unknown metric keeps its name. */
export function metricLabel(name: string): string {
  return metrics.get(name)?.label ?? name.replace(/_/g, ' ');
}

/** `log loss ↓`: the arrow points where better is. */
export function metricHeader(name: string): string {
  const metric = metrics.get(name);
  if (!metric) return metricLabel(name);
  return `${metric.label}\u00A0${metric.better === 'lower' ? '↓' : '↑'}`;
}
