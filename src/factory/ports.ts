import type { Environment } from '../contracts/result.ts';
import type { Logger } from '../platform/logger.ts';
import type { ReleaseStore } from '../registry/releases.ts';
import type { LedgerStore } from '../registry/store.ts';
import type { Workers } from './fits.ts';
import type { ProgressSink } from './progress.ts';

export type { PersonalChoice } from '../gate/person.ts';

/** The run that documents name. */
export interface RunIdentity {
  readonly id: string;
  readonly attempt: number;
  readonly url: string | null;
  readonly event: string;
}

/** Where a history is, as the command line names it. */
export type LedgerPlace =
  | { readonly kind: 'folder'; readonly folder: string }
  /** A git remote: from a laptop it is only read. */
  | { readonly kind: 'remote'; readonly remote: string; readonly ref: string };

/** Where earlier decisions and models are kept. */
export interface HistoryPorts {
  readonly place: LedgerPlace;
  readonly ledger: LedgerStore;
  readonly releases: ReleaseStore;
}

/** Everything that the factory asks of the outside. */
export interface FactoryPorts {
  readonly logger: Logger;
  readonly progress: ProgressSink;
  readonly workers: Workers;
  readonly environment: Environment;
  readonly now: () => Date;
  /** Null = no history: nothing to compare with, nothing is kept. */
  readonly history: HistoryPorts | null;
  readonly run: RunIdentity;
}
