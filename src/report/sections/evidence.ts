import type { Verdict } from '../../contracts/verdict.ts';
import { code, heading, list, text, type Content } from '../document.ts';
import type { ReportInput, Section } from '../input.ts';
import { metricLabel } from '../metric-names.ts';
import { counted, formatAge, formatCount, formatDuration, formatGain, formatP } from '../numbers.ts';

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

function looksItem({ looks, question, rows }: Verdict): Content[] {
  if (looks === null) {
    if (question === 'merge' && rows.holdout > 0)
      return ['The test set (hold-out) was not asked: a pull request never does'];
    return rows.holdout > 0 ? [] : ['No test set (hold-out): validation folds decide'];
  }
  const spent = looks.spent ? 'this run asked it once' : 'this run did not ask it';
  return [
    `The test set (hold-out) was asked ${formatCount(looks.used)} of ${formatCount(looks.allowed)} times; ${spent}`,
  ];
}

function decisiveItem({ decisive, looks, question, conclusion }: Verdict): Content[] {
  if (decisive === null) return [];
  const { method, n, p, estimate } = decisive;
  const onHoldout = question === 'promote' && looks?.spent === true;
  const rows = onHoldout ? 'of the test set (hold-out)' : 'of the validation folds';
  // One-sided: the chance of such a gain between equal models, which says nothing about a loss.
  const said = estimate !== null && estimate > 0 && (!onHoldout || conclusion === 'promote');
  const chance = said ? `; ${formatP(p)}` : '';
  return [`Deciding comparison: ${method}, on ${counted(n, 'row')} ${rows}${chance}`];
}

function gainItem({ detectableGain, metric }: Verdict): Content[] {
  if (detectableGain === null) return [];
  return [
    `This many rows show a true gain of ${formatGain(detectableGain)} in ${metricLabel(metric)} four times in five; ` +
      'smaller gains mostly stay unseen',
  ];
}

function championItem({ champion }: Verdict): Content[] {
  if (champion === null) return [];
  const how =
    champion.standIn === 'stored'
      ? 'the released model itself'
      : 'its recipe fitted on today’s rows stands in, because the released model can not be scored fairly';
  return [
    [
      `Baseline (champion) ${champion.version}: `,
      code(champion.candidate),
      text(` (${champion.trainer}), ${formatAge(champion.ageDays)}; ${how}`),
    ],
  ];
}

function costItem({ cost, standings }: Verdict): Content {
  return (
    `Cost: ${formatDuration(cost.trainMs)} of training for ${counted(standings.length, 'model')} ` +
    `in ${counted(cost.jobs, 'job')}`
  );
}
