import { defaultConfigFile, type Plan } from '../contracts/plan.ts';
import type { Again } from '../contracts/verdict.ts';
import type { PersonalChoice } from '../gate/person.ts';
import { defaultLedgerRef } from '../contracts/ledger.ts';
import type { LedgerPlace } from './ports.ts';
import { shellWord } from './shell-word.ts';

/**
 * The command that judges a plan's commit again on a laptop. A remote history is only read from there, so that the
 * default branch's question becomes the pull request's, with the commit itself as base: the same candidates against the
 * champion's recipe on the same rows, cross-validated.
 */
export function againOf(plan: Plan, place: LedgerPlace | null, person: PersonalChoice | null): Again {
  const readOnly = place?.kind === 'remote';
  const promote = plan.question === 'promote';
  const base = !promote ? plan.base : readOnly ? plan.commit : null;
  const options = [
    ...(plan.configFile === defaultConfigFile ? [] : ['--config', plan.configFile]),
    ...ledgerOptions(place),
    ...(base === null ? [] : ['--base', base.slice(0, 7)]),
    ...(promote && !readOnly ? ['--promote'] : []),
    ...(promote && !readOnly && person ? ['--candidate', person.candidate, '--reason', person.reason] : []),
  ];
  const command = ['npx', 'model-factory', 'run', ...options].map(shellWord).join(' ');
  return { command, sameQuestion: !(promote && readOnly) };
}

function ledgerOptions(place: LedgerPlace | null): string[] {
  if (!place) return [];
  if (place.kind === 'folder') return ['--ledger', place.folder];
  return ['--ledger', place.remote, ...(place.ref === defaultLedgerRef ? [] : ['--ledger-ref', place.ref])];
}
