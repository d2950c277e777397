import type { Verdict } from '../contracts/verdict.ts';
import { formatPlace, UserError } from '../errors/user-error.ts';
import {
  code,
  details,
  heading,
  joined,
  link,
  paragraph,
  strong,
  table,
  text,
  type Block,
  type Content,
  type Inline,
} from './document.ts';
import { appendixPriority, type Section } from './input.ts';
import { badge } from './sections/headline.ts';

/** What stopped a model's run. */
export interface Trouble {
  readonly code: string;
  readonly message: string;
  readonly fix: string;
}

/** The report of one model among several. */
export type ModelReport =
  | {
      readonly kind: 'judged';
      readonly verdict: Verdict;
      readonly sections: readonly Section[];
      /** Page with the whole report of this model, or null. */
      readonly url: string | null;
      /** What went wrong after the verdict, such as a refused release. */
      readonly trouble: Trouble | null;
    }
  /** No verdict: `model` is its name, or the path of a configuration that can't be read. */
  | { readonly kind: 'broken'; readonly model: string; readonly trouble: Trouble };

type Judged = Extract<ModelReport, { kind: 'judged' }>;

/** Most urgent first. */
const order = ['error', 'block', 'undecided', 'promote', 'keep'] as const;

/** Names in the row of unchanged models. */
const namedUnchanged = 20;

/** An error as a row of the table tells it. */
export function troubleOf(error: unknown): Trouble {
  if (!(error instanceof UserError))
    return { code: 'bug', message: 'Model Factory failed', fix: 'Read the log, and please report it.' };
  const place = formatPlace(error.at);
  const more = error.more.length > 0 ? `, and ${error.more.length} more` : '';
  return {
    code: error.code,
    message: `${error.message.replace(/\.$/, '')}${place === '' ? '' : ` (${place})`}${more}`,
    fix: error.fix,
  };
}

/** The conclusion that speaks for all: that of the most urgent report; `error` where a run has no verdict. */
export function worstOf(reports: readonly ModelReport[]): (typeof order)[number] {
  return order.find((rank) => reports.some((report) => rankOf(report) === rank)) ?? 'keep';
}

/** One report of several models: a table of verdicts, what needs attention first, then each model's report, folded. */
export function combine(reports: readonly ModelReport[]): Section[] {
  const [only] = reports;
  if (only?.kind === 'judged' && !only.trouble && reports.length === 1) return [...only.sections];
  const ordered = reports.toSorted(
    (a, b) =>
      order.indexOf(rankOf(a)) - order.indexOf(rankOf(b)) ||
      Number(isQuiet(a)) - Number(isQuiet(b)) ||
      (modelOf(a) < modelOf(b) ? -1 : 1),
  );
  const quiet = ordered.filter(isQuiet).map(modelOf);
  const told = ordered.filter((report) => !isQuiet(report));
  const rows = [...told.map(rowOf), ...(quiet.length === 0 ? [] : [quietRow(quiet)])];
  const judged = told.filter((report) => report.kind === 'judged');
  const links = judged.flatMap(({ sections }) => sections.filter(isLinks)).slice(0, 1);
  return [
    {
      title: 'verdicts',
      priority: 0,
      blocks: [heading(3, title(ordered)), table(['Model', 'Verdict', 'Why'], rows), ...nextSteps(judged)],
    },
    ...judged.map((report, index) => ({
      title: report.verdict.model,
      priority: 1 + index,
      blocks: [details(summary(report), body(report.sections))],
      brief: [details(summary(report), body(report.sections.filter(isNoAppendix)))],
    })),
    ...links.map((section) => ({ ...section, priority: 0 })),
  ];
}

function rankOf(report: ModelReport): (typeof order)[number] {
  return report.kind === 'broken' || report.trouble ? 'error' : report.verdict.conclusion;
}

function modelOf(report: ModelReport): string {
  return report.kind === 'broken' ? report.model : report.verdict.model;
}

/** Nothing was trained, and nobody needs to look. */
function isQuiet(report: ModelReport): boolean {
  if (report.kind === 'broken' || report.trouble) return false;
  const { reason, standings, policyEdits } = report.verdict;
  return reason === 'unchanged' && standings.length === 0 && policyEdits.length === 0;
}

const isLinks = ({ title: name }: Section): boolean => name === 'links';
const isNoAppendix = ({ priority }: Section): boolean => priority < appendixPriority;

function rowOf(report: ModelReport): Content[] {
  if (report.kind === 'broken')
    return [[code(report.model)], ['❌\u00A0Error ', code(report.trouble.code)], told(report.trouble)];
  const { verdict, url, trouble } = report;
  return [
    url === null ? [code(verdict.model)] : [link(verdict.model, url)],
    [
      text(badge(verdict).replaceAll(' ', '\u00A0')),
      ' ',
      code(verdict.reason),
      ...(trouble ? [', ❌ ', code(trouble.code)] : []),
    ],
    [text(verdict.sentence), ...(trouble ? [text(' '), ...told(trouble)] : [])],
  ];
}

function told({ message, fix }: Trouble): Inline[] {
  const sentence = `${message.slice(0, 1).toUpperCase()}${message.slice(1)}`;
  return [text(`${sentence}. `), strong('Next:'), text(` ${fix}`)];
}

/** Models that nothing happened to share a row. */
function quietRow(quiet: readonly string[]): Content[] {
  const names = quiet.slice(0, namedUnchanged).map((model) => code(model));
  const more = quiet.length > namedUnchanged ? [text(` and ${quiet.length - namedUnchanged} more`)] : [];
  return [
    [...joined(names), ...more],
    ['💤 Unchanged'],
    `Nothing that ${quiet.length === 1 ? 'it depends' : 'they depend'} on changed, so nothing was trained.`,
  ];
}

/** What to do about each model that holds the change back. */
function nextSteps(judged: readonly Judged[]): Block[] {
  return judged
    .filter(({ verdict }) => verdict.conclusion === 'block' || verdict.conclusion === 'undecided')
    .slice(0, 5)
    .map(({ verdict }) =>
      paragraph([strong([text('Next for '), code(verdict.model), text(':')]), ` ${verdict.next}`]),
    );
}

function summary({ verdict }: Judged): Content {
  return [code(verdict.model), ` ${badge(verdict)}`];
}

/** Sections without the links, which are the same for all. */
function body(sections: readonly Section[]): Block[] {
  return sections.filter((section) => !isLinks(section)).flatMap(({ blocks }) => blocks);
}

/** `⛔ Do not merge (1 of 3 models) · ✅ May merge (1) · 💤 Unchanged (1)`: the worst comes first. */
function title(ordered: readonly ModelReport[]): string {
  const counts = new Map<string, number>();
  for (const report of ordered) {
    const words = wordsOf(report);
    counts.set(words, (counts.get(words) ?? 0) + 1);
  }
  const all = ordered.length;
  const models = all === 1 ? 'model' : 'models';
  return [...counts]
    .map(([words, count], i) => {
      if (i > 0) return `${words} (${count})`;
      return count === all ? `${words} (${all} ${models})` : `${words} (${count} of ${all} ${models})`;
    })
    .join(' · ');
}

function wordsOf(report: ModelReport): string {
  if (report.kind === 'broken' || report.trouble) return '❌ Error';
  return isQuiet(report) ? '💤 Unchanged' : badge(report.verdict);
}
