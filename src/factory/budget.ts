/** A candidate and what it is expected to take. */
export interface Offer {
  readonly name: string;
  /** The candidate of the configuration that it comes from. */
  readonly configured: string;
  readonly ms: number;
  /** Trained in any case, before all others: the champion's recipe. */
  readonly required: boolean;
  /** The best of the newest run: it goes before the rest. */
  readonly proven: boolean;
}

export interface Budgets {
  readonly totalMs: number;
  /** By the configured candidate; those that aren't named have no limit of their own. */
  readonly searchMs: ReadonlyMap<string, number>;
}

/**
 * Who is trained for the time there is. Every configured candidate gets one before any gets a second, the quickest
 * first, so that the time goes to as many as possible; whoever no longer fits is left out. Never nobody at all.
 */
export function withinBudget(offers: readonly Offer[], { totalMs, searchMs }: Budgets): Set<string> {
  const taken = new Set<string>();
  const spent = new Map<string, number>();
  let total = 0;
  const take = ({ name, configured, ms }: Offer): void => {
    taken.add(name);
    total += ms;
    spent.set(configured, (spent.get(configured) ?? 0) + ms);
  };
  const fits = ({ configured, ms }: Offer): boolean =>
    total + ms <= totalMs && (spent.get(configured) ?? 0) + ms <= (searchMs.get(configured) ?? Infinity);
  for (const offer of offers) if (offer.required) take(offer);
  for (const offer of inTurn(offers.filter(({ required }) => !required)))
    if (fits(offer) || taken.size === 0) take(offer);
  return taken;
}

/** The proven one, then one of each configured candidate in turn; the quickest first within each and among them. */
function inTurn(offers: readonly Offer[]): Offer[] {
  const byTime = offers.toSorted((a, b) => Number(b.proven) - Number(a.proven) || a.ms - b.ms);
  const turns = new Map<string, number>();
  return byTime
    .map((offer) => {
      const turn = turns.get(offer.configured) ?? 0;
      turns.set(offer.configured, turn + 1);
      return { offer, turn };
    })
    .toSorted((a, b) => a.turn - b.turn)
    .map(({ offer }) => offer);
}
