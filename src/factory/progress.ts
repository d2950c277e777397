/** Told how far training has come; a terminal draws a bar, a runner logs lines. */
export interface ProgressSink {
  /** `done` of `total` fits; `running` names what is being fitted. */
  update(done: number, total: number, running: string): void;
  /** A candidate has all its fits. */
  finished(candidate: string, summary: string): void;
  /** A candidate's program printed a line; a terminal leaves it to the log file. */
  printed?(candidate: string, line: string): void;
  end(): void;
}

export const silentProgress: ProgressSink = {
  update: () => undefined,
  finished: () => undefined,
  end: () => undefined,
};
