import type { Config } from '../config/schema.ts';
import type { DataFacts, Settings } from '../config/resolve.ts';
import type { Epoch, Notice } from '../contracts/plan.ts';
import type { Fold } from '../training/cross-validation.ts';
import type { Dataset } from '../training/dataset.ts';
import type { UpdateState } from './predecessor.ts';
import type { GivenModels } from './pretrained/given.ts';

/** Data and configuration made ready: what plan, train and gate each derive from the same files. */
export interface Prepared {
  readonly config: Config;
  readonly settings: Settings;
  /** What defaults were chosen by. */
  readonly facts: DataFacts;
  readonly dataset: Dataset;
  /** 16 bytes a row: HMAC of the row's identity with the epoch's salt. */
  readonly identities: Uint8Array;
  /** 16 bytes a row that rows of one group share; null without groups. */
  readonly units: Uint8Array | null;
  /** Changes when a row's label does; tells nothing else. */
  readonly labelChecks: Uint32Array;
  readonly epoch: Epoch;
  /** Units of the hold-out where the epoch lists them, 16 hexadecimal digits each. */
  readonly listed: ReadonlySet<string> | null;
  /** Rows of `dataset.table`. Hold-out is empty where cross-validation decides. */
  readonly development: Int32Array;
  readonly holdout: Int32Array;
  readonly folds: readonly Fold[];
  /** Rows in the file, those without a target included. */
  readonly totalRows: number;
  readonly files: readonly { readonly path: string; readonly sha256: string; readonly bytes: number }[];
  /** Folder of the configuration: data paths are relative to it, and programs run in it. */
  readonly folder: string;
  /** Digest of the files beside the configuration that a program may use; null where no candidate is a program. */
  readonly code: string | null;
  /** Models that aren't trained here. */
  readonly given: GivenModels;
  /** What updates continue from; null where nobody asked. */
  readonly predecessor: UpdateState | null;
  /** Digest of the table's content and of the split. */
  readonly fingerprint: string;
  readonly splitDigest: string;
  readonly notices: readonly Notice[];
}
