import type { Result } from '../../contracts/result.ts';
import {
  joined,
  code,
  details,
  figure,
  list,
  paragraph,
  table,
  text,
  type Alignment,
  type Block,
  type Content,
} from '../document.ts';
import type { ReportInput, Section } from '../input.ts';
import { metricHeader } from '../metric-names.ts';
import { counted, decimalsFor, formatBytes, formatDuration, formatFixed } from '../numbers.ts';

/** Folded parts for those who want to know: parameters, folds, defaults, environment. */
export function appendix(input: ReportInput): Section[] {
  return [
    ...section('parameters', 6, parameters(input)),
    ...section('scores by fold', 8, folds(input)),
    ...section('last lines of failed programs', 4, lastLines(input)),
    ...section('warnings of the training', 4, warnings(input)),
    ...section('defaults', 7, defaults(input)),
    ...section('environment', 9, environment(input)),
  ];
}

function section(title: string, priority: number, block: Block | null): Section[] {
  return block === null ? [] : [{ title, priority, blocks: [block] }];
}

function parameters({ plan, verdict: { standings } }: ReportInput): Block | null {
  if (standings.length === 0) return null;
  const built = new Map(plan.candidates.map(({ name, members }) => [name, members ?? []]));
  const rows = standings.map(({ name, trainer, params }): Content[] => {
    const given = Object.entries(params).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
    const names = joined((built.get(name) ?? []).map((own) => code(own.name)));
    const by: Content = names.length === 0 ? [code(trainer)] : [code(trainer), ' of ', ...names];
    return [[code(name)], by, given.length === 0 ? 'defaults' : [code(given.join(' '))]];
  });
  return details('Parameters of each candidate', [table(['Candidate', 'Trainer', 'Parameters'], rows)]);
}

function folds({ verdict, results }: ReportInput): Block | null {
  const scored = results.flatMap(({ candidate, metrics }) => {
    const scores = metrics[verdict.metric]?.folds ?? [];
    return scores.length > 0 ? [{ candidate, scores }] : [];
  });
  if (scored.length === 0) return null;
  const columns = Math.max(...scored.map(({ scores }) => scores.length));
  const shown = Math.min(columns, 20);
  const decimals = decimalsFor(scored.flatMap(({ scores }) => scores));
  const headers = ['Candidate', ...Array.from({ length: shown }, (_, fold) => `fold ${fold + 1}`)];
  const rows = scored.map(({ candidate, scores }): Content[] => [
    [code(candidate)],
    ...Array.from({ length: shown }, (_, fold) => formatFixed(scores[fold] ?? null, decimals)),
  ]);
  const title = `Scores by fold: ${metricHeader(verdict.metric)}${shown < columns ? `, first ${shown} of ${columns}` : ''}`;
  return details(title, [
    table(
      headers,
      rows,
      headers.map((_, i): Alignment => (i === 0 ? 'left' : 'right')),
    ),
  ]);
}

function warnings({ results }: ReportInput): Block | null {
  const items = results.flatMap(({ candidate, warnings }) =>
    warnings.map((warning): Content => [code(candidate), ': ', text(warning)]),
  );
  if (items.length === 0) return null;
  return details(`${counted(items.length, 'warning')} of the training`, [list(items)]);
}

function lastLines({ results }: ReportInput): Block | null {
  const failed = results.flatMap(({ candidate, failure }) =>
    failure && failure.output.length > 0 ? [{ candidate, output: failure.output }] : [],
  );
  if (failed.length === 0) return null;
  const blocks = failed.flatMap(({ candidate, output }) => [paragraph([code(candidate)]), figure(output)]);
  return details('Last lines of failed programs', blocks);
}

function defaults({ plan }: ReportInput): Block | null {
  if (plan.defaults.length === 0) return null;
  const rows = plan.defaults.map(({ path, value, why }): Content[] => [[code(path)], [code(value)], why]);
  return details(`${counted(rows.length, 'default')} used`, [table(['Setting', 'Value', 'Why'], rows)]);
}

function environment({ plan, results }: ReportInput): Block | null {
  const machines = [...new Set(results.map(describe))];
  const memory = results.flatMap(({ peakMemoryBytes }) =>
    peakMemoryBytes === null ? [] : [peakMemoryBytes],
  );
  const predict = results.flatMap(({ predictMsPer1k }) => (predictMsPer1k === null ? [] : [predictMsPer1k]));
  const items: Content[] = [
    ...machines,
    ['Data ', code(plan.data.source), ', fingerprint ', code(plan.data.fingerprint.slice(0, 12))],
    ['Split ', code(plan.split.digest.slice(0, 12)), `, epoch ${plan.split.epoch.number}`],
    [
      'Rules ',
      code(plan.policy.digest.slice(0, 12)),
      ...(plan.policy.commit === null ? [] : [text(' of commit '), code(plan.policy.commit.slice(0, 7))]),
    ],
    ...(memory.length ? [`Peak memory ${formatBytes(Math.max(...memory))}`] : []),
    ...(predict.length ? [`Scoring 1,000 rows takes up to ${formatDuration(Math.max(...predict))}`] : []),
  ];
  return details('Environment and digests', [list(items)]);
}

function describe({ environment }: Result): string {
  const { factory, node, platform, arch } = environment;
  return `model-factory ${factory}, Node ${node}, ${platform} ${arch}`;
}
