import type { RuleOutcome, Verdict } from '../../contracts/verdict.ts';
import { code, details, heading, prose, table, text, type Block, type Content } from '../document.ts';
import type { ReportInput, Section } from '../input.ts';
import { metricLabel } from '../metric-names.ts';
import { counted, decimalsForPair, formatFixed, formatSigned } from '../numbers.ts';

const words: Record<RuleOutcome['outcome'], string> = {
  fail: '❌\u00A0fails',
  undecided: '🤔\u00A0open',
  pass: '✅\u00A0passes',
  'not-applicable': '–\u00A0not used',
};

/** Rules shown open; the rest is folded. */
const openRows = 10;

/** The rules that made the verdict: those that fail, and where the verdict is open, those that stay open. */
function deciding({ rules, conclusion }: Verdict): readonly RuleOutcome[] {
  const failed = rules.filter(({ outcome }) => outcome === 'fail');
  const open = conclusion === 'undecided' ? rules.filter(({ outcome }) => outcome === 'undecided') : [];
  return [...failed, ...open];
}

/** Broken and open rules, each with what would settle it. */
export function decidingRules({ verdict }: ReportInput): Section[] {
  const shown = deciding(verdict);
  if (shown.length === 0) return [];
  const broken = shown[0]?.outcome === 'fail';
  const open = shown.at(-1)?.outcome === 'undecided';
  const title = broken && open ? 'Broken and open rules' : broken ? 'Broken rules' : 'Open rules';
  const more = shown.slice(openRows);
  const moreBlock = details(counted(more.length, 'more such rule'), [rulesTable(more)]);
  return [
    { title: 'rules', priority: 1, blocks: [heading(4, title), rulesTable(shown.slice(0, openRows))] },
    ...(more.length === 0 ? [] : [{ title: 'more rules', priority: 3, blocks: [moreBlock] }]),
  ];
}

/** All other rules, folded. */
export function otherRules({ verdict }: ReportInput): Section[] {
  const decided = new Set(deciding(verdict));
  const rest = verdict.rules.filter((rule) => !decided.has(rule) && !isSettled(rule, verdict));
  if (rest.length === 0) return [];
  const count = (outcome: RuleOutcome['outcome']) => rest.filter((rule) => rule.outcome === outcome).length;
  const [passed, open, unused] = [count('pass'), count('undecided'), count('not-applicable')];
  const summary = [
    ...(passed ? [`${counted(passed, 'rule')} ${passed === 1 ? 'passes' : 'pass'}`] : []),
    ...(open ? [`${counted(open, 'rule')} ${open === 1 ? 'stays' : 'stay'} open`] : []),
    ...(unused ? [`${counted(unused, 'rule')} not used`] : []),
  ];
  return [{ title: 'other rules', priority: 3, blocks: [details(summary.join(', '), [rulesTable(rest)])] }];
}

/** Whether the best candidate is likely better isn't open where the rules say that it is worse. */
function isSettled({ rule, outcome, comparison }: RuleOutcome, { rules }: Verdict): boolean {
  if (outcome !== 'undecided' || !rule.startsWith('likely better')) return false;
  const upper = comparison?.upper ?? null;
  const fails = (other: RuleOutcome): boolean =>
    other.outcome === 'fail' && other.rule === 'gate.block.max-drop (best candidate)';
  return (upper !== null && upper < 0) || rules.some(fails);
}

function rulesTable(outcomes: readonly RuleOutcome[]): Block {
  return table(['Rule', 'Result', 'Measured', 'Limit', 'Why'], outcomes.map(row), [
    'left',
    'left',
    'right',
    'right',
    'left',
  ]);
}

function row({
  rule,
  metric,
  outcome,
  measured,
  threshold,
  comparison,
  note,
  wouldSettle,
}: RuleOutcome): Content[] {
  const decimals = decimalsForPair([measured, threshold]);
  const show = comparison ? formatSigned : formatFixed;
  const about = metric === null || rule.includes(metric) ? [] : [text(` ${metricLabel(metric)}`)];
  return [
    [code(rule.replace(/^gate\.(block\.)?/, '')), ...about],
    words[outcome],
    show(measured, decimals),
    show(threshold, decimals),
    prose(wouldSettle === null ? note : `${note}; ${wouldSettle}`),
  ];
}
