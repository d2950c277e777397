import type { ComparisonRecord, Standing, Verdict } from '../../contracts/verdict.ts';
import { code, details, figure, heading, list, paragraph, prose, strong, table } from '../document.ts';
import type { Alignment, Block, Content, Inline } from '../document.ts';
import { forestPlot, type Difference } from '../forest-plot.ts';
import type { ReportInput, Section } from '../input.ts';
import { metricHeader, metricLabel } from '../metric-names.ts';
import {
  counted,
  decimalsFor,
  formatBytes,
  formatDuration,
  formatFixed,
  formatSigned,
  missing,
} from '../numbers.ts';
import { mayShow, onTestSet } from '../test-set.ts';
import { familyWinners } from '../trade-offs.ts';

/** Candidates shown open; the rest is folded. */
const openRows = 10;
/** With more candidates than this, the best of each trainer are shown open instead. */
const manyRows = 20;
/** Metrics besides the ranking one; all of them are in `verdict.json`. */
const otherMetrics = 4;
const recipeLabel = 'same recipe';

/** The champion's recipe and the candidates, best first, against the baseline: scores, then differences with their intervals as a chart. */
export function candidates({ verdict, plan }: ReportInput): Section[] {
  if (verdict.standings.length === 0) return [];
  const shown = verdict.standings.filter(
    (standing) =>
      standing.status !== 'stopped' && !isBaseline(standing, verdict) && !isTwin(standing, verdict),
  );
  const competing = shown.toSorted((a, b) => Number(b.role === 'champion') - Number(a.role === 'champion'));
  const names = plan.metrics.filter((name) => name !== verdict.metric).slice(0, otherMetrics);
  const columns = scoreColumns(verdict, [verdict.metric, ...names]);
  const many = competing.length > manyRows;
  const winners = new Set(many ? familyWinners(verdict.standings) : competing);
  const open = competing
    .filter(
      (standing) => standing.role === 'champion' || isRecipe(standing, verdict) || winners.has(standing),
    )
    .slice(0, openRows);
  const shownOpen = new Set(open);
  const rest = competing.filter((standing) => !shownOpen.has(standing));
  const explained = new Set(verdict.rules.map(({ rule }) => rule));
  const failed = competing.filter(
    ({ status, name }) => status === 'failed' && !explained.has(`candidates.${name}`),
  );
  const title = verdict.baselineMetrics ? `Candidates against the ${baselineName(verdict)}` : 'Candidates';
  const blocks = [
    heading(4, title),
    scoreTable(columns, [...baselineRow(verdict), ...open.map((standing) => rowOf(standing, verdict))]),
    ...(many ? [paragraph('The best of each trainer; all others are folded below.')] : []),
    ...(failed.length === 0 ? [] : [failures(failed)]),
    ...chart(verdict, open),
  ];
  const more = scoreTable(
    columns,
    rest.map((standing) => rowOf(standing, verdict)),
  );
  return [
    { title: 'candidates', priority: 1, blocks },
    ...(rest.length === 0
      ? []
      : [
          {
            title: 'more candidates',
            priority: 5,
            blocks: [details(counted(rest.length, 'more candidate'), [more])],
          },
        ]),
  ];
}

/** `baseline (champion v1.3.0)`, or `baseline (base branch)` where nothing was promoted yet. */
function baselineName({ champion }: Verdict): string {
  return champion ? `baseline (champion ${champion.version})` : 'baseline (base branch)';
}

/** The champion's recipe, where it is the baseline itself rather than compared with it. */
function isBaseline({ role, comparison, status }: Standing, { question }: Verdict): boolean {
  return role === 'champion' && status !== 'failed' && (question === 'promote' || comparison === null);
}

/** The champion's recipe, where a candidate is that recipe: one row is enough for both. */
function isTwin({ role, name }: Standing, { standings }: Verdict): boolean {
  return role === 'champion' && standings.some((other) => other.role === 'candidate' && other.name === name);
}

/** Whether a row stands for the champion's recipe on this change's data. */
function isRecipe({ role, name }: Standing, verdict: Verdict): boolean {
  if (role === 'champion') return true;
  return (
    verdict.question === 'merge' &&
    verdict.standings.some((other) => other.role === 'champion' && other.name === name)
  );
}

/** A line of the table before its numbers are formatted. */
interface Row {
  readonly label: Content;
  readonly scores: Readonly<Record<string, number | null>>;
  readonly difference: number | null;
  readonly trainMs: number | null;
  readonly modelBytes: number | null;
}

interface Columns {
  readonly names: readonly string[];
  readonly decimals: readonly number[];
  /** Whether anything was compared with a baseline. */
  readonly compared: boolean;
}

function scoreColumns({ standings, baselineMetrics }: Verdict, names: readonly string[]): Columns {
  const scoresOf = (name: string) => [
    ...standings.map(({ metrics }) => metrics[name] ?? null),
    baselineMetrics?.[name] ?? null,
  ];
  return {
    names,
    decimals: names.map((name) => decimalsFor(scoresOf(name))),
    compared: standings.some(({ comparison }) => comparison !== null),
  };
}

function scoreTable({ names, decimals, compared }: Columns, rows: readonly Row[]): Block {
  const [ranking = '', ...others] = names.map(metricHeader);
  const headers = ['Candidate', ranking, ...(compared ? ['gain'] : []), ...others, 'time', 'size'];
  const body = rows.map(({ label, scores, difference, trainMs, modelBytes }): Content[] => {
    const [score = missing, ...rest] = names.map((name, i) =>
      formatFixed(scores[name] ?? null, decimals[i] ?? 4),
    );
    const gain = compared ? [formatSigned(difference, decimals[0] ?? 4)] : [];
    return [label, score, ...gain, ...rest, formatDuration(trainMs), formatBytes(modelBytes)];
  });
  return table(
    headers,
    body,
    headers.map((_, i): Alignment => (i === 0 ? 'left' : 'right')),
  );
}

function baselineRow(verdict: Verdict): Row[] {
  const { baselineMetrics, standings, question } = verdict;
  if (!baselineMetrics) return [];
  const refitted = standings.find((standing) => isBaseline(standing, verdict));
  const { trainMs = null, modelBytes = null } = refitted ?? {};
  // The gains below are over the recipe on today's rows, not over its scores on the rows of its promotion.
  const scores = question === 'promote' && refitted ? refitted.metrics : baselineMetrics;
  return [{ label: 'baseline', scores, difference: null, trainMs, modelBytes }];
}

function rowOf(standing: Standing, verdict: Verdict): Row {
  const { status, metrics, comparison, modelBytes } = standing;
  const failed = status === 'failed';
  return {
    label: [...labelOf(standing, verdict), ...(failed ? [' failed'] : [])],
    scores: metrics,
    difference: comparison?.estimate ?? null,
    trainMs: failed ? null : standing.trainMs,
    modelBytes,
  };
}

function labelOf(standing: Standing, verdict: Verdict): readonly (string | Inline)[] {
  const { name, role } = standing;
  if (role === 'champion') return [recipeLabel];
  const how = verdict.reason === 'promoted-by-person' ? 'chosen' : 'best';
  const shown = name === verdict.winner ? [strong([code(name)]), `\u00A0${how}`] : [code(name)];
  return isRecipe(standing, verdict) ? [...shown, ` (${recipeLabel})`] : shown;
}

/** The same without markup, for the chart. */
function plainLabel(standing: Standing, verdict: Verdict): string {
  if (standing.role === 'champion') return recipeLabel;
  return isRecipe(standing, verdict) ? `${standing.name} (${recipeLabel})` : standing.name;
}

function failures(failed: readonly Standing[]): Block {
  return list(
    failed
      .slice(0, openRows)
      .map(({ name, failure }) => [
        '❌ ',
        code(name),
        ' failed: ',
        ...prose(failure ?? 'no reason was recorded'),
      ]),
  );
}

/** Differences to the baseline, the one on the test set first where it was asked. */
function chart(verdict: Verdict, open: readonly Standing[]): Block[] {
  const { decisive, metric, rules, standings, baselineMetrics } = verdict;
  if (baselineMetrics === null) return [];
  const decimals = decimalsFor(standings.map(({ metrics }) => metrics[metric] ?? null));
  const onHoldout = decisive?.metric === metric && onTestSet(verdict, decisive) && mayShow(verdict, decisive);
  const limit = rules.find((rule) => rule.rule.startsWith('gate.block.max-drop') && rule.metric === metric);
  const lines = forestPlot(
    [
      ...(onHoldout ? [differenceOf('test set (hold-out)', decisive, decimals)] : []),
      ...open.flatMap((standing) =>
        standing.comparison
          ? [differenceOf(plainLabel(standing, verdict), standing.comparison, decimals)]
          : [],
      ),
    ],
    limit?.threshold ?? null,
  );
  if (lines.length === 0) return [];
  const compared = open.filter(({ comparison }) => comparison);
  const confidence = compared[0]?.comparison?.confidence ?? decisive?.confidence;
  const hasRecipe = compared.some((standing) => isRecipe(standing, verdict));
  const said = legend(metric, confidence, hasRecipe, lines[0]?.includes('▼') === true);
  const bothShown = onHoldout && compared.length > 0 && verdict.champion?.standIn === 'stored';
  return [figure(lines), paragraph(said), ...(bothShown ? [paragraph(whyTwoGains)] : [])];
}

/** Where the test set's gain stands beside those of cross-validation. */
const whyTwoGains =
  'The gain on the test set (hold-out) can differ from the same candidate’s in the table: there it meets the model ' +
  'that was released, as it is; in cross-validation both recipes are trained anew on the same rows.';

function differenceOf(
  label: string,
  { estimate, lower, upper }: ComparisonRecord,
  decimals: number,
): Difference {
  const [low, high] = [formatSigned(lower, decimals), formatSigned(upper, decimals)];
  return { label, estimate, lower, upper, caption: `${formatSigned(estimate, decimals)} (${low} … ${high})` };
}

function legend(metric: string, confidence = 0.95, hasRecipe: boolean, hasLimit: boolean): string {
  const bounds = `${formatFixed(confidence * 100, 0)}% bounds on either side`;
  const recipe = hasRecipe
    ? ' “Same recipe” is the baseline’s recipe trained on this change: it shows whether the change itself does harm.'
    : '';
  const mark = hasLimit ? '; ▼ marks the drop that is allowed' : '';
  return `Gain in ${metricLabel(metric)} over the baseline on the same rows, with ${bounds}${mark}.${recipe}`;
}
