import { runsUserCode } from '../../config/program.ts';
import { canonicalJson, sha256 } from '../../contracts/digest.ts';
import type { PlannedCandidate } from '../../contracts/plan.ts';
import type { Prepared } from '../prepared.ts';
import { factoryVersion } from '../version.ts';

/** What else than the fingerprint a result depends on; the version of the factory, so that an update trains anew. */
export interface KeyContext {
  readonly factoryVersion: string;
}

/**
 * Digest of all that a candidate's result depends on: its fingerprint, name and role, what its rows are compared by, the
 * metrics, the race that may stop it, the factory itself. Null where not all of it is known: a program depends on what
 * is installed, a model of another tool on who scores it; one that is updated tells of the champion.
 */
export function resultKeyOf(
  { config, settings, epoch }: Pick<Prepared, 'config' | 'settings' | 'epoch'>,
  candidate: PlannedCandidate,
  context: KeyContext = { factoryVersion },
): string | null {
  if (!isKnownWhole(candidate)) return null;
  const { name, role, trainer, params, seed, fingerprint, race } = candidate;
  const { target, time, group, key, weight } = config.data;
  const { folds, repeats, gap } = config.validation;
  return sha256(
    canonicalJson({
      ...{ model: config.model, name, role, trainer, params, seed, fingerprint, race },
      ...{ target, positive: settings.positive, time, group, key, weight, folds, repeats, gap },
      ...{ epoch, metrics: settings.metrics, rankingMetric: race && settings.rankingMetric },
      ...context,
    }),
  );
}

function isKnownWhole({ trainer, program, pretrained, update, members }: PlannedCandidate): boolean {
  const trainers = [{ trainer }, ...(members ?? [])];
  return !program && !pretrained && !update && !trainers.some(runsUserCode);
}
