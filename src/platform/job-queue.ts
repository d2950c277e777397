/** Jobs of which some may only begin when others are done. */
export interface JobSource<Job, Outcome> {
  /** Takes the next job that may begin; undefined where none may, for the time being or for good. */
  next(): Job | undefined;
  /** A job is done: others may begin because of it. */
  done(job: Job, outcome: Outcome): void;
}

/** Every slot does one job at a time until none is left. The first failure is thrown, whatever others still do. */
export async function runQueue<Slot, Job, Outcome>(
  source: JobSource<Job, Outcome>,
  slots: readonly Slot[],
  run: (slot: Slot, job: Job) => Promise<Outcome>,
): Promise<void> {
  let busy = 0;
  let waiting: (() => void)[] = [];
  const wake = (): void => {
    const sleepers = waiting;
    waiting = [];
    for (const resume of sleepers) resume();
  };
  const serve = async (slot: Slot): Promise<void> => {
    for (;;) {
      const job = source.next();
      if (job === undefined) {
        if (busy === 0) return;
        await new Promise<void>((resolve) => waiting.push(resolve));
        continue;
      }
      busy++;
      const outcome = await run(slot, job);
      busy--;
      source.done(job, outcome);
      wake();
    }
  };
  await Promise.all(slots.map(serve));
}
