import type { Verdict } from '../../contracts/verdict.ts';
import {
  code,
  heading,
  joined,
  link,
  paragraph,
  prose,
  strong,
  text,
  type Content,
  type Inline,
} from '../document.ts';
import type { ReportInput, Section } from '../input.ts';
import { formatAge } from '../numbers.ts';

/** The conclusion as a symbol and words; symbols never stand alone. */
export function badge({ question, conclusion, reason }: Verdict): string {
  if (conclusion === 'undecided') return '🤔 Undecided';
  if (question === 'merge') return conclusion === 'block' ? '⛔ Do not merge' : '✅ May merge';
  if (conclusion === 'block') return '⛔ Blocked';
  if (conclusion === 'promote')
    return reason === 'promoted-by-person' ? '🚀 Promoted by a person' : '🚀 Promoted';
  return '✅ No promotion';
}

/** The verdict, what to do next, and what was judged: never dropped. */
export function headline({ verdict, plan, links }: ReportInput): Section {
  const { title, rest } = splitSentence(verdict);
  return {
    title: 'verdict',
    priority: 0,
    blocks: [
      heading(3, titleLine(badge(verdict), title)),
      ...(rest === '' ? [] : [paragraph(prose(rest))]),
      paragraph([strong('Next:'), ' ', ...prose(verdict.next)]),
      paragraph(joined(identity(verdict, plan.commit, links.commitUrl), ' · ')),
    ],
  };
}

/** `⛔ Do not merge · Worse than …`, but `🤔 Undecided, maybe worse …`: a conclusion isn't said twice. */
function titleLine(conclusion: string, title: string): Content {
  const [symbol = '', ...words] = conclusion.split(' ');
  if (title === '') return conclusion;
  if (title.startsWith(words.join(' '))) return [`${symbol} `, ...prose(title)];
  return [`${conclusion} · `, ...prose(title)];
}

/**
 * The sentence up to its first colon or full stop is the title, so that it can be read at a glance. A title that only
 * repeats the conclusion ("Promoted: …") is left to the badge.
 */
function splitSentence({ sentence, standings }: Verdict): { title: string; rest: string } {
  const [, start, rest] = /^(.{3,90}?)(?::|\.) (.+)$/s.exec(sentence) ?? [];
  if (start === undefined || rest === undefined) return { title: sentence, rest: '' };
  const title = /^(promoted|undecided|blocked)$/i.test(start) ? '' : start;
  const startsWithName = standings.some(({ name }) => rest.startsWith(`${name} `));
  return { title, rest: startsWithName ? rest : rest.slice(0, 1).toUpperCase() + rest.slice(1) };
}

function identity(verdict: Verdict, commit: string | null, commitUrl: string | null): Inline[] {
  const { champion } = verdict;
  const short = commit?.slice(0, 7);
  return [
    code(verdict.model),
    code(`${verdict.conclusion} / ${verdict.reason}`),
    ...(champion ? [text(`baseline (champion) ${champion.version}, ${formatAge(champion.ageDays)}`)] : []),
    ...(short === undefined ? [] : [commitUrl === null ? code(short) : link(`commit ${short}`, commitUrl)]),
  ];
}
