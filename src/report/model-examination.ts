import { code, paragraph, table, type Block } from './document.ts';
import { metricLabel } from './metric-names.ts';
import { counted, decimalsFor, formatCount, formatFixed } from './numbers.ts';

/** Permutation importance: how much worse the model gets where one input's values are shuffled among rows. */
export interface CardImportance {
  readonly metric: string;
  readonly rows: number;
  readonly shuffles: number;
  /** In the metric's units, positive = worse without it; the largest first. */
  readonly inputs: readonly { readonly input: string; readonly mean: number; readonly deviation: number }[];
  /** Inputs of which a first look saw that they matter less. */
  readonly leftOut: number;
}

const mostShown = 15;

/** Which inputs the model's answers rest on. */
export function examination(importance: CardImportance | null): Block[] {
  if (importance === null)
    return [paragraph(['What the model looks at was not measured: it does not answer shuffled rows.'])];
  const { metric, rows, shuffles, inputs, leftOut } = importance;
  if (inputs.every(({ mean, deviation }) => mean === 0 && deviation === 0))
    return [paragraph(['The model answers alike whatever its inputs are.'])];
  const shown = inputs.slice(0, mostShown);
  const decimals = decimalsFor(shown.map(({ mean }) => mean));
  const others = inputs.length - shown.length + leftOut;
  return [
    paragraph([
      `How much worse ${metricLabel(metric)} gets where the values of one input are shuffled among ` +
        `${counted(rows, 'row')} that the model learnt from: mean and spread of ${formatCount(shuffles)} shuffles. ` +
        'Inputs that tell the same share their importance; one that was learnt by heart looks more important ' +
        'than it is.',
    ]),
    table(
      ['Input', `${metricLabel(metric)} worse by`, '±'],
      shown.map(({ input, mean, deviation }) => [
        [code(input)],
        formatFixed(mean, decimals),
        formatFixed(deviation, decimals),
      ]),
      ['left', 'right', 'right'],
    ),
    ...(others > 0
      ? [paragraph([`${counted(others, 'further input')} ${others === 1 ? 'counts' : 'count'} for less.`])]
      : []),
  ];
}
