import type { Verdict } from '../../contracts/verdict.ts';
import { code, heading, list, text, type Content } from '../document.ts';
import type { ReportInput, Section } from '../input.ts';
import { metricLabel } from '../metric-names.ts';
import { counted, formatAge, formatCount, formatDuration, formatGain, formatP } from '../numbers.ts';
import { takenText } from '../taken.ts';
import { mayShow, onTestSet } from '../test-set.ts';

/** What the verdict rests on: rows, test set, what the data can show, baseline, cost. */
export function evidence({ verdict, plan }: ReportInput): Section[] {
  const items: Content[] = [
    rowsItem(verdict, plan.split.folds, plan.split.repeats),
    ...looksItem(verdict),
    ...decisiveItem(verdict),
    ...gainItem(verdict),
    ...championItem(verdict),
    costItem(verdict),
  ];
  return [{ title: 'evidence', priority: 2, blocks: [heading(4, 'What this rests on'), list(items)] }];
}

function rowsItem({ rows }: Verdict, folds: number, repeats: number): Content {
  const validation = `${counted(rows.development, 'row')} in ${folds} validation folds`;
  const repeated = repeats > 1 ? `, dealt ${repeats} times` : '';
  const holdout = rows.holdout > 0 ? `; ${counted(rows.holdout, 'row')} in the test set (hold-out)` : '';
  return `${validation}${repeated}${holdout}`;
}

function looksItem({ looks, question, conclusion, reason, rows }: Verdict): Content[] {
  if (rows.holdout === 0) return ['No test set (hold-out): the validation folds decide'];
  if (question === 'merge') return ['The test set (hold-out) was not asked: a pull request never does'];
  if (looks === null) return [];
  const first = conclusion === 'promote' && reason === 'first-run';
  const said = looks.spent
    ? 'this run asked it once'
    : first
      ? 'the check of a first model does not count'
      : 'this run did not ask it';
  const asked = `${formatCount(looks.used)} of ${formatCount(looks.allowed)} times`;
  const few = looks.used >= 0.8 * looks.allowed ? '; few are left before it has to be replaced' : '';
  return [`The test set (hold-out) was asked ${asked}; ${said}${few}`];
}

function decisiveItem(verdict: Verdict): Content[] {
  const { decisive } = verdict;
  if (decisive === null) return [];
  const { method, n, rows, p, estimate } = decisive;
  const side = onTestSet(verdict, decisive) ? 'of the test set (hold-out)' : 'of the validation folds';
  // One-sided: the chance of such a gain between equal models, which says nothing about a loss.
  const gained = estimate !== null && estimate > 0 && mayShow(verdict, decisive);
  return [
    `Deciding comparison: ${method}, on ${counted(rows ?? n, 'row')} ${side}${gained ? `; ${formatP(p)}` : ''}`,
  ];
}

function gainItem({ detectableGain, metric }: Verdict): Content[] {
  if (detectableGain === null || detectableGain <= 0) return [];
  return [
    `This many rows show a true gain of ${formatGain(detectableGain)} in ${metricLabel(metric)} four times in five; ` +
      'smaller gains mostly stay unseen',
  ];
}

function championItem({ champion, question }: Verdict): Content[] {
  if (champion === null) return [];
  return [
    [
      `Baseline (champion) ${champion.version}: `,
      code(champion.candidate),
      text(` (${champion.trainer}), ${formatAge(champion.ageDays)}; ${standIn(champion, question)}`),
    ],
  ];
}

function standIn({ standIn }: NonNullable<Verdict['champion']>, question: Verdict['question']): string {
  if (standIn === 'stored') return 'compared is the released model itself';
  return question === 'merge'
    ? 'compared is its recipe, trained on the base commit'
    : 'its recipe, trained on today’s rows, stands in, because the released model can not be scored fairly';
}

function costItem({ cost, standings }: Verdict): Content {
  const taken = cost.taken.reduce((sum, { models }) => sum + models, 0);
  // The champion's recipe may stand there twice.
  const trained = new Set(standings.map(({ name }) => name)).size - taken;
  const training =
    trained === 0
      ? 'nothing was trained'
      : `${formatDuration(cost.trainMs)} of training for ${counted(trained, 'model')} in ${counted(cost.jobs, 'job')}`;
  return `Cost: ${training}${taken === 0 ? '' : `; ${takenText(cost.taken)}`}`;
}
