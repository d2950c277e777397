import type { Fault, Place } from '../errors/user-error.ts';
import type { CandidateConfig } from './schema.ts';

/** A mistake at a path below one candidate. */
export type Faulty = (path: readonly PropertyKey[], message: string, fix: string) => Fault;

/** Keys of a candidate that mean something to one trainer. */
interface OwnKeys {
  readonly trainer: string;
  readonly keys: readonly (keyof CandidateConfig)[];
}

/**
 * Faults of the candidates of one trainer, and the keys that mean something to it alone where another trainer's
 * candidate has them; some may be `lent` to one other trainer.
 */
export function faultsOfTrainer(
  { trainer, keys, lent }: OwnKeys & { readonly lent?: OwnKeys },
  candidates: Readonly<Record<string, CandidateConfig>>,
  placeOf: (path: readonly PropertyKey[]) => Place,
  faultsOf: (candidate: CandidateConfig, fault: Faulty, name: string) => Fault[],
): Fault[] {
  return Object.entries(candidates).flatMap(([name, candidate]) => {
    const fault: Faulty = (path, message, fix) => {
      return { code: 'CONFIG_INVALID', message, at: placeOf(['candidates', name, ...path]), fix };
    };
    if (candidate.trainer === trainer) return faultsOf(candidate, fault, name);
    return keys
      .filter((key) => candidate[key] !== undefined)
      .filter((key) => candidate.trainer !== lent?.trainer || !lent.keys.includes(key))
      .map((key) =>
        fault(
          [key],
          `"${key}" has no meaning for the trainer ${candidate.trainer}`,
          `Remove it, or write trainer: ${trainer}.`,
        ),
      );
  });
}
