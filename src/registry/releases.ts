/** What a version publishes: files by name, `SHA256SUMS` among them. */
export interface ReleaseContent {
  readonly tag: string;
  readonly title: string;
  /** Markdown. */
  readonly notes: string;
  /** Commit that the version tag stands on; null outside a repository. */
  readonly commit: string | null;
  /** Another version of the model was published from this commit. */
  readonly sharesCommit: boolean;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/**
 * Where published models live: the releases of the repository, or a folder. A published release never changes.
 */
export interface ReleaseStore {
  /**
   * Files of a published version, checked against its `SHA256SUMS`; 'all' = every file that it lists, and itself.
   * @throws UserError DIGEST_MISMATCH, or ASSET_MISSING where the release or the file isn't there
   */
  read(tag: string, names: readonly string[] | 'all'): Promise<ReadonlyMap<string, Uint8Array>>;
  /**
   * Publishes once: a second call with the same bytes changes nothing and returns the same address.
   * @throws UserError ASSET_CONFLICT where the tag already holds other bytes, RELEASE_FORBIDDEN without permission
   */
  publish(content: ReleaseContent): Promise<{ readonly url: string }>;
}
