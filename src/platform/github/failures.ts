/** GitHub's own "no": the request arrived and was refused, so that repeating it can't help. */
export class Refusal extends Error {
  readonly status: number;
  /** The permissions one of which GitHub would have accepted, in a workflow's words. */
  readonly accepted: readonly string[];

  constructor(status: number, message: string, accepted: readonly string[], cause: unknown) {
    super(message, { cause });
    this.name = 'Refusal';
    this.status = status;
    this.accepted = accepted;
  }
}

/** What a failed request means for the next step. */
export type Failure =
  /** Nothing was done; the same request may be sent after the pause. */
  | { readonly kind: 'limited'; readonly waitMs: number; readonly until: number; readonly message: string }
  /** The request may or may not have been carried out. */
  | { readonly kind: 'unclear'; readonly message: string; readonly cause: unknown }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** A success whose body isn't what it says; see `refuseGarbled`. */
export class GarbledAnswer extends Error {}

/** What GitHub asks for when it gives no time: at least a minute. */
const secondaryLimitMs = 60_000;

/**
 * Reads a thrown error. The client reports every network failure as status 500 without a response.
 * @param nowMs milliseconds since 1970, against which the time of a limit's end is held.
 */
export function readFailure(error: unknown, nowMs: number): Failure {
  if (error instanceof GarbledAnswer) return { kind: 'unclear', message: error.message, cause: error };
  const { status, message, headers } = facts(error);
  if (status === null) throw error;
  if (status >= 500 || status === 408) {
    return { kind: 'unclear', message: firstLine(message), cause: error };
  }
  const limit = status === 403 || status === 429 ? readLimit(status, message, headers, nowMs) : null;
  if (limit !== null) return limit;
  return { kind: 'refused', refusal: new Refusal(status, message, acceptedPermissions(headers), error) };
}

function readLimit(
  status: number,
  message: string,
  headers: Readonly<Record<string, string>>,
  nowMs: number,
): Failure | null {
  const limited = (waitMs: number): Failure => ({
    kind: 'limited',
    waitMs,
    until: nowMs + waitMs,
    message: firstLine(message),
  });
  const seconds = Number(headers['retry-after']);
  if (Number.isFinite(seconds)) return limited(seconds * 1000);
  if (headers['x-ratelimit-remaining'] === '0') {
    const resetMs = Number(headers['x-ratelimit-reset']) * 1000;
    // By GitHub's clock: the runner's may be wrong by hours.
    const theirNowMs = Date.parse(headers['date'] ?? '');
    const fromMs = Number.isFinite(theirNowMs) ? theirNowMs : nowMs;
    return limited(Number.isFinite(resetMs) ? Math.max(1000, resetMs - fromMs) : secondaryLimitMs);
  }
  return status === 429 || /secondary rate limit|abuse detection/i.test(message)
    ? limited(secondaryLimitMs)
    : null;
}

/** Status, message and headers of what the client throws; status null for an error that isn't a request's. */
function facts(error: unknown): {
  status: number | null;
  message: string;
  headers: Readonly<Record<string, string>>;
} {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') {
    return { status: null, message: '', headers: {} };
  }
  const headers: Record<string, string> = {};
  const response = 'response' in error ? error.response : undefined;
  if (typeof response === 'object' && response !== null && 'headers' in response) {
    for (const [name, value] of Object.entries(response.headers ?? {})) headers[name] = String(value);
  }
  // The client appends the address of a manual page.
  const message = error.message.replace(/ - https:\/\/\S+$/, '');
  return { status: error.status, message, headers };
}

/** `issues=write; pull_requests=write` in a workflow's words: `issues: write`, `pull-requests: write`. */
function acceptedPermissions(headers: Readonly<Record<string, string>>): string[] {
  return (headers['x-accepted-github-permissions'] ?? '')
    .split(/[;,]/)
    .map((part) => part.trim().replace('=', ': ').replaceAll('_', '-'))
    .filter((part) => part !== '');
}

function firstLine(text: string): string {
  const line = text.split('\n')[0]?.trim() ?? '';
  return line.startsWith('<') || line === '' ? 'an answer that is not JSON' : line.slice(0, 200);
}

/**
 * Throws for a success whose JSON was cut or isn't JSON: the client hands it over as a string, silently.
 * Every answer that is asked for as JSON is an object or a list.
 */
export function refuseGarbled(response: { status: number; data: unknown }): void {
  const { status, data } = response;
  if (status < 300 && status !== 204 && typeof data === 'string') {
    throw new GarbledAnswer('an answer that is not JSON');
  }
}

/** True when a ruleset or a protected ref is what refused. */
export function isRuleViolation({ status, message }: Refusal): boolean {
  const words =
    /rule violation|protected (branch|ref|tag)|protected by|through a pull request|required status check/i;
  return [403, 409, 422].includes(status) && words.test(message);
}
