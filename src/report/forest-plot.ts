import { missing } from './numbers.ts';
import { displayWidth } from './plain.ts';

/** One difference with its bounds; positive = better. */
export interface Difference {
  readonly label: string;
  readonly estimate: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  /** The numbers in words, right of the chart. */
  readonly caption: string;
}

const width = 49;

/**
 * Differences with their intervals around a line at zero, in characters that every terminal font has:
 *
 *          worse ◄───▼────┼────────────────► better
 *     boosting-2          │       ├──●──┤    +0.0121
 *
 * `limit`: a difference that is held against, marked by `▼` where it lies on the chart. A candidate that is far off,
 * such as a dummy, becomes an arrow at the edge and doesn't squeeze the others. Empty when there is nothing to draw.
 */
export function forestPlot(differences: readonly Difference[], limit: number | null = null): string[] {
  const drawn = differences.filter(({ estimate }) => estimate !== null);
  if (drawn.length === 0) return [];
  const scale = createScale(drawn, limit);
  const labelWidth = Math.max('worse'.length, ...differences.map(({ label }) => displayWidth(label)));
  const pad = (label: string) => ' '.repeat(labelWidth - displayWidth(label));
  return [
    `${pad('worse')}worse ${axis(scale, limit)} better`,
    ...differences.map((difference) =>
      `${difference.label}${pad(difference.label)} ${bar(difference, scale)}  ${difference.caption}`.trimEnd(),
    ),
  ];
}

/** Position of a value on the chart, 0 … width - 1, zero included; less or more where it lies outside. */
type Scale = (value: number) => number;

function createScale(drawn: readonly Difference[], limit: number | null): Scale {
  // Halves, so that the range of the largest numbers stays finite.
  const halves = (values: readonly (number | null)[]) =>
    values.flatMap((value) => (value !== null && Number.isFinite(value) ? [value / 2] : []));
  const reaches = drawn.map(({ estimate, lower, upper }) =>
    Math.max(...halves([estimate, lower, upper]).map(Math.abs), 0),
  );
  const median = reaches.toSorted((a, b) => a - b)[Math.floor(reaches.length / 2)] ?? 0;
  const farthest = median === 0 ? Infinity : 3 * median;
  const ends = drawn.flatMap(({ estimate, lower, upper }) => halves([estimate, lower, upper]));
  const values = [...ends, ...halves([limit])].filter((value) => Math.abs(value) <= farthest);
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  // Some room on either side of zero.
  const least = (high - low || 1) / 8;
  const from = Math.min(low, -least);
  const to = Math.max(high, least);
  return (value) => Math.round(((value / 2 - from) / (to - from)) * (width - 1));
}

function axis(scale: Scale, limit: number | null): string {
  const line = Array.from({ length: width }, () => '─');
  line[0] = '◄';
  line[width - 1] = '►';
  line[scale(0)] = '┼';
  const mark = limit === null ? -1 : scale(limit);
  if (mark > 0 && mark < width - 1) line[mark] = '▼';
  return line.join('');
}

function bar({ estimate, lower, upper }: Difference, scale: Scale): string {
  if (estimate === null) return missing.padEnd(width);
  const line = Array.from({ length: width }, () => ' ');
  const draw = (position: number, character: string) => {
    if (position >= 0 && position < width) line[position] = character;
  };
  draw(scale(0), '│');
  const from = scale(lower ?? estimate);
  const to = scale(upper ?? estimate);
  for (let i = Math.max(0, from); i <= Math.min(to, width - 1); i++) draw(i, i === scale(0) ? '┼' : '─');
  if (lower !== null) draw(from, '├');
  if (upper !== null) draw(to, '┤');
  draw(scale(estimate), '●');
  if (from < 0) line[0] = '◄';
  if (to >= width) line[width - 1] = '►';
  return line.join('');
}
