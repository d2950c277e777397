import type { Plan } from '../contracts/plan.ts';
import type { Result } from '../contracts/result.ts';
import type { Verdict } from '../contracts/verdict.ts';
import type { Block } from './document.ts';

/** Everything a report is made of. */
export interface ReportInput {
  readonly verdict: Verdict;
  readonly plan: Plan;
  readonly results: readonly Result[];
  /** The plan of the side it is compared with, for "what changed"; null where there is none. */
  readonly basePlan: Plan | null;
  readonly links: ReportLinks;
}

export interface ReportLinks {
  readonly runUrl: string | null;
  readonly commitUrl: string | null;
  /** Page with the whole report and the documents behind it. */
  readonly artifactUrl: string | null;
}

/** A part of the report that a size limit keeps or drops as a whole; see `fit` for `priority`. */
export interface Section {
  readonly title: string;
  readonly priority: number;
  readonly blocks: readonly Block[];
  /** The same without its appendices, for where the whole is too long; absent where it has none. */
  readonly brief?: readonly Block[];
}

/** Sections from this priority on are appendices: folded parts for those who want to know. */
export const appendixPriority = 3;
