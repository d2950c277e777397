import { getOctokit } from '@actions/github';
import { GitHub as AnonymousOctokit } from '@actions/github/lib/utils';
import { UserError } from '../../errors/user-error.ts';
import { backoffMs, type Clock } from '../clock.ts';
import type { Logger } from '../logger.ts';
import { isRuleViolation, readFailure, refuseGarbled, Refusal } from './failures.ts';
import { forbidden, limitReached, unavailable } from './translate.ts';

export type Octokit = ReturnType<typeof getOctokit>;

export interface GitHubOptions {
  /** Null = none: public repositories can be read without. */
  readonly token: string | null;
  readonly owner: string;
  readonly repo: string;
  /** `https://api.github.com` or a server's `…/api/v3`. */
  readonly apiUrl: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Longest sum of pauses for one question; default 5 minutes. */
  readonly patienceMs?: number;
  /** Longest time for one answer; default 60 s. */
  readonly timeoutMs?: number;
}

/** What a request is for, in words that fit an error message. */
export interface Purpose {
  /** Completes "could not …": `comment on #7`. */
  readonly what: string;
  /** The line a job needs: `pull-requests: write`. */
  readonly permission: string;
  readonly forbidden?: 'PERMISSION_MISSING' | 'RELEASE_FORBIDDEN';
}

interface Answer<T> {
  readonly status: number;
  readonly data: T;
  readonly headers: { readonly link?: string | undefined };
}

const mostAttempts = 5;
const mostPauses = 3;

/**
 * The one way to GitHub's REST API. Reading and idempotent writing are repeated; a write that must not happen twice
 * is repeated only after looking whether it happened. Octokit's own retry plugin isn't used because it repeats a
 * POST whose answer was lost, nor its throttling plugin, whose pauses can't be tested.
 */
export class GitHub {
  readonly place: { readonly owner: string; readonly repo: string };
  readonly clock: Clock;
  readonly #octokit: Octokit;
  readonly #logger: Logger;
  readonly #patienceMs: number;
  #viewer: Promise<string> | null = null;

  constructor({ token, owner, repo, apiUrl, clock, logger, patienceMs, timeoutMs }: GitHubOptions) {
    this.place = { owner, repo };
    this.clock = clock;
    this.#logger = logger;
    this.#patienceMs = patienceMs ?? 300_000;
    const log = { debug: () => undefined, info: () => undefined, warn: logger.debug, error: logger.debug };
    const options = { baseUrl: apiUrl, userAgent: 'model-factory', log };
    this.#octokit = token === null ? new AnonymousOctokit(options) : getOctokit(token, options);
    this.#octokit.hook.before('request', (options) => {
      // The client shares this object between requests: it is replaced, not changed.
      const signal = options.request.signal ?? AbortSignal.timeout(timeoutMs ?? 60_000);
      options.request = { ...options.request, signal };
    });
    this.#octokit.hook.after('request', refuseGarbled);
  }

  /**
   * Sends a request that may arrive twice without harm, until it is answered.
   * @throws Refusal for 404, 409, 422 and the like; UserError PERMISSION_MISSING, GITHUB_UNAVAILABLE, RATE_LIMITED.
   */
  async repeat<T>(purpose: Purpose, send: (octokit: Octokit) => Promise<Answer<T>>): Promise<T> {
    return (await this.#ask(purpose, send, null)).data;
  }

  /** All items of a paged list, 100 a page. Throws as `repeat` does. */
  async pages<T>(
    purpose: Purpose,
    send: (octokit: Octokit, page: { per_page: number; page: number }) => Promise<Answer<T[]>>,
  ): Promise<T[]> {
    const items: T[] = [];
    for (let page = 1; ; page++) {
      const answer = await this.#ask(purpose, (octokit) => send(octokit, { per_page: 100, page }), null);
      items.push(...answer.data);
      if (answer.headers.link?.includes('rel="next"') !== true) return items;
    }
  }

  /**
   * Sends a request that must take effect once. When its outcome is unknown, `readBack` looks for its effect and
   * returns it, or null where there is none. Throws as `repeat` does.
   */
  async once<T>(
    purpose: Purpose,
    send: (octokit: Octokit) => Promise<Answer<T>>,
    readBack: () => Promise<T | null>,
  ): Promise<T> {
    return (await this.#ask(purpose, send, readBack)).data;
  }

  /** The login that this token writes under, such as `github-actions[bot]`. */
  viewer(): Promise<string> {
    this.#viewer ??= this.#readViewer();
    return this.#viewer;
  }

  async #readViewer(): Promise<string> {
    const question = { query: 'query { viewer { login } }' };
    const purpose = { what: 'read whose token this is', permission: 'contents: read' };
    try {
      // REST's `GET /user` refuses the token of a job; GraphQL answers every token.
      const answer = await this.repeat(purpose, async (octokit) => {
        const data = await octokit.graphql<{ viewer: { login: string } }>(question.query);
        return { status: 200, data, headers: {} };
      });
      return answer.viewer.login;
    } catch (error) {
      this.#logger.debug(`The token's owner is unknown (${String(error)}); taken for github-actions[bot].`);
      return 'github-actions[bot]';
    }
  }

  async #ask<T>(
    purpose: Purpose,
    send: (octokit: Octokit) => Promise<Answer<T>>,
    readBack: (() => Promise<T | null>) | null,
  ): Promise<Answer<T>> {
    let pauses = 0;
    let pausedMs = 0;
    for (let attempt = 1; ;) {
      try {
        return await send(this.#octokit);
      } catch (error) {
        const failure = readFailure(error, this.clock.now());
        if (failure.kind === 'refused') throw this.#translate(purpose, failure.refusal);
        if (failure.kind === 'limited') {
          const waitMs = failure.waitMs * 2 ** pauses;
          pausedMs += waitMs;
          if (++pauses > mostPauses || pausedMs > this.#patienceMs) throw limitReached(purpose, failure);
          this.#logger.info(`GitHub asks for a pause of ${Math.ceil(waitMs / 1000)} s (${failure.message}).`);
          await this.clock.sleep(waitMs);
          continue;
        }
        if (attempt >= mostAttempts) throw unavailable(purpose, failure, attempt);
        this.#logger.debug(`Could not ${purpose.what} (${failure.message}); attempt ${attempt}.`);
        await this.clock.sleep(backoffMs(attempt, this.clock.random()));
        attempt += 1;
        const found = readBack === null ? null : await readBack();
        if (found !== null) return { status: 200, data: found, headers: {} };
      }
    }
  }

  #translate(purpose: Purpose, refusal: Refusal): Refusal | UserError {
    const noAccess = refusal.status === 401 || (refusal.status === 403 && !isRuleViolation(refusal));
    return noAccess ? forbidden(purpose, refusal) : refusal;
  }
}

/** Runs `ask`; null where GitHub says that the thing doesn't exist. */
export async function orNull<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Refusal && error.status === 404) return null;
    throw error;
  }
}
