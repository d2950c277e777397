import type { Fit } from '../all-fits.ts';

/** One fit to make: a recipe on a fold, or on all development rows (`fold: null`). */
export interface Step {
  /** Index of the recipe. */
  readonly candidate: number;
  readonly fold: number | null;
  /** A round of successive halving that comes before the whole: a part of the fold's rows, or of the iterations. */
  readonly part: { readonly resource: string; readonly share: number } | null;
}

/** All fits of one recipe. */
export interface Trial {
  /** On whole folds, in their order; last the one on all development rows, where there is one. */
  readonly fits: Fit[];
  /** Fits that only served the search. */
  readonly rounds: Fit[];
  /** Why the search gave it up; null = trained to the end. */
  stopped: string | null;
}

/** Fits that depend on each other: those of one recipe, or of all recipes of one search. */
export interface Lane {
  /** Most fits that there can be. */
  readonly most: number;
  /** What may begin at once, in order. */
  begin(): Step[];
  /** A fit is done; returns what may begin because of it. */
  ended(step: Step, fit: Fit): Step[];
}

/** Steps of one recipe on whole folds, and on all development rows if it is to be released. */
export function wholeSteps(candidate: number, folds: number, refit: boolean): Step[] {
  const onFolds = Array.from({ length: folds }, (_, fold): Step => ({ candidate, fold, part: null }));
  return refit ? [...onFolds, { candidate, fold: null, part: null }] : onFolds;
}

/** A recipe by itself: all its fits at once, or one after the other where one that fails ends them. */
export function loneLane(steps: readonly Step[], trial: Trial, oneByOne: boolean): Lane {
  const order = new Map(steps.map((step, i) => [step, i]));
  const slots: (Fit | undefined)[] = steps.map(() => undefined);
  return {
    most: steps.length,
    begin: () => (oneByOne ? steps.slice(0, 1) : [...steps]),
    ended: (step, fit) => {
      const at = order.get(step)!;
      slots[at] = fit;
      trial.fits.splice(0, trial.fits.length, ...slots.filter((slot) => slot !== undefined));
      return oneByOne && fit.kind === 'fitted' ? steps.slice(at + 1, at + 2) : [];
    },
  };
}

/** Recipes that go through the same rounds together: the next one begins when all of them are through. */
export interface Rounds {
  /** Steps of the next round; none = over. Called again when all of them are done. */
  next(): Step[];
  most: number;
}

/** A lane of rounds. `keep` puts each fit where it belongs. */
export function roundLane({ next, most }: Rounds, keep: (step: Step, fit: Fit) => void): Lane {
  let open = 0;
  let fits = new Map<Step, Fit>();
  let order: Step[] = [];
  const begin = (): Step[] => {
    order = next();
    open = order.length;
    fits = new Map();
    return [...order];
  };
  return {
    most,
    begin,
    ended: (step, fit) => {
      fits.set(step, fit);
      if (--open > 0) return [];
      // In the order of the steps, whichever ended first.
      for (const own of order) keep(own, fits.get(own)!);
      return begin();
    },
  };
}
