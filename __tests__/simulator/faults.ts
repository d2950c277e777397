import type { Json } from './schema.ts';

/** One planned failure. Without `op` it meets requests of every kind. */
export interface Fault {
  /** GitHub's operation name, or `git/upload-pack`, `git/receive-pack`, `results/<rpc>`, `blob/put`, `blob/get`. */
  readonly op?: string;
  /** Fires at the nth matching request from now, counted from 1 (default 1). */
  readonly nth?: number;
  /** How many matching requests in a row it meets (default 1). */
  readonly times?: number;
  readonly delayMs?: number;
  /** Answer with this status in place of the true one. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A string is sent as it is, anything else as JSON. */
  readonly body?: Json;
  /** Carry the request out before answering with `status`. */
  readonly committed?: boolean;
  /** Cut the connection before the request counts, halfway through its body, or after it was carried out. */
  readonly drop?: 'before' | 'during' | 'after';
  /** Carry the request out, announce the whole answer and send half of it. */
  readonly truncate?: boolean;
}

/** The plan of failures; `take` is asked once for each request, in order. */
export class FaultPlan {
  #planned: { fault: Fault; skip: number; left: number }[] = [];

  add(fault: Fault): void {
    this.#planned.push({ fault, skip: (fault.nth ?? 1) - 1, left: fault.times ?? 1 });
  }

  clear(): void {
    this.#planned = [];
  }

  /** How many planned failures haven't happened yet. */
  get pending(): number {
    return this.#planned.length;
  }

  take(op: string): Fault | undefined {
    let taken: Fault | undefined;
    for (const entry of this.#planned) {
      if (entry.fault.op !== undefined && entry.fault.op !== op) continue;
      if (entry.skip > 0) entry.skip -= 1;
      else if (taken === undefined) {
        entry.left -= 1;
        taken = entry.fault;
      }
    }
    this.#planned = this.#planned.filter(({ left }) => left > 0);
    return taken;
  }
}
