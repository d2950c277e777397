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

const secondsBetweenLines = 10;

/** Progress as lines of a job's log: each candidate that is done, and at most every ten seconds how much is left. */
export function progressLines(write: (line: string) => void, monotonicMs: () => number): ProgressSink {
  const startedMs = monotonicMs();
  let lastMs = startedMs;
  return {
    update: (done, total) => {
      const nowMs = monotonicMs();
      if (done === 0 || done === total || nowMs - lastMs < secondsBetweenLines * 1000) return;
      lastMs = nowMs;
      const left = Math.ceil((((nowMs - startedMs) / done) * (total - done)) / 1000);
      write(`${Math.floor((100 * done) / total)}%: ${done} of ${total} fits, about ${left} s left`);
    },
    finished: (candidate) => write(`trained ${candidate}`),
    printed: (candidate, line) => write(`${candidate} | ${line}`),
    end: () => undefined,
  };
}
