import { parseArgs } from 'node:util';
import { clopperPearson } from '../../src/gate/statistics/proportion.ts';
import { runHistory, type Outcome, type Scenario } from './history.ts';

/**
 * How often does the gate promote a model that isn't better, and how often one that is? Simulated histories drive
 * `judgePromotion` itself; see `world.ts` for the data. Prints a table; with --json the table goes to stderr and JSON to stdout.
 * Exit code 1 when more than 5% of the histories of a row hold a false promotion.
 */
const { values } = parseArgs({
  options: {
    replications: { type: 'string', default: '200' },
    pushes: { type: 'string', default: '50' },
    candidates: { type: 'string', default: '20' },
    development: { type: 'string', default: '5000' },
    holdout: { type: 'string', default: '5000' },
    looks: { type: 'string', default: '50' },
    start: { type: 'string', default: 'random,selected' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});

interface Row {
  readonly scenario: Scenario;
  readonly replications: number;
  readonly historiesWithFalsePromotion: number;
  /** 95% bounds of that share (Clopper and Pearson). */
  readonly shareLower: number;
  readonly shareUpper: number;
  readonly falsePromotionsPerHistory: number;
  readonly meanLooksUsed: number;
  readonly spent: number;
  /** Share of histories in which simpler gates promote an equal candidate. */
  readonly controls: { readonly bestScore: number; readonly everyPush: number };
  readonly power: Record<'large' | 'small', { first: number; last: number }>;
}

function summarise(scenario: Scenario, outcomes: readonly Outcome[]): Row {
  const n = outcomes.length;
  const share = (holds: (outcome: Outcome) => boolean) => outcomes.filter(holds).length / n;
  const mean = (value: (outcome: Outcome) => number) => outcomes.reduce((sum, o) => sum + value(o), 0) / n;
  const wrong = outcomes.filter(({ falsePromotions }) => falsePromotions > 0).length;
  const { lower, upper } = clopperPearson(wrong, n, 0.025);
  return {
    ...{
      scenario,
      replications: n,
      historiesWithFalsePromotion: wrong,
      shareLower: lower,
      shareUpper: upper,
    },
    falsePromotionsPerHistory: mean(({ falsePromotions }) => falsePromotions),
    meanLooksUsed: mean(({ looksUsed }) => looksUsed),
    spent: share(({ spent }) => spent),
    controls: {
      bestScore: share(({ controls }) => controls.bestScore),
      everyPush: share(({ controls }) => controls.everyPush),
    },
    power: {
      large: { first: share(({ found }) => found.large.first), last: share(({ found }) => found.large.last) },
      small: { first: share(({ found }) => found.small.first), last: share(({ found }) => found.small.last) },
    },
  };
}

const percent = (value: number) => `${(100 * value).toFixed(1)}%`;

function render(rows: readonly Row[]): string {
  const head = [
    'first champion',
    'development',
    'hold-out',
    'level',
    'histories with a false promotion (95% bounds)',
    'control: hold-out at 5% every push',
    'control: best score wins',
    'looks used',
    'spent',
    'finds +.022 accuracy: first push / after',
    'finds +.010 accuracy: first push / after',
  ];
  const lines = rows.map((row) => [
    row.scenario.start,
    String(row.scenario.development),
    String(row.scenario.holdout),
    `.05/${row.scenario.looks}`,
    `${row.historiesWithFalsePromotion} of ${row.replications} = ` +
      `${percent(row.historiesWithFalsePromotion / row.replications)} (${percent(row.shareLower)} to ${percent(row.shareUpper)})`,
    percent(row.controls.everyPush),
    percent(row.controls.bestScore),
    row.meanLooksUsed.toFixed(1),
    percent(row.spent),
    `${percent(row.power.large.first)} / ${percent(row.power.large.last)}`,
    `${percent(row.power.small.first)} / ${percent(row.power.small.last)}`,
  ]);
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function main(): void {
  const replications = Number(values.replications);
  const rows = values.start.split(',').map((start) => {
    const scenario: Scenario = {
      start: start === 'selected' ? 'selected' : 'random',
      development: Number(values.development),
      holdout: Number(values.holdout),
      looks: Number(values.looks),
      candidates: Number(values.candidates),
      pushes: Number(values.pushes),
    };
    const outcomes = Array.from({ length: replications }, (_, replication) => {
      if (process.stderr.isTTY) process.stderr.write(`\r${start}: ${replication + 1} of ${replications}`);
      return runHistory(scenario, Number(values.seed) * 1_000_000 + replication);
    });
    return summarise(scenario, outcomes);
  });
  const cpuSeconds = Math.round(process.cpuUsage().user / 1e6);
  const { candidates = 0, pushes = 0 } = rows[0]?.scenario ?? {};
  const title = `${candidates} equal candidates x ${pushes} pushes, log loss; ${cpuSeconds} s of CPU`;
  const table = `${title}\n\n${render(rows)}\n`;
  if (values.json) {
    process.stderr.write(`\n${table}`);
    console.log(JSON.stringify({ cpuSeconds, node: process.version, rows }, null, 2));
  } else console.log(table);
  const tooMany = rows.some((row) => row.historiesWithFalsePromotion / row.replications > 0.05);
  if (tooMany) process.exitCode = 1;
}

main();
