import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { commentMarker, upsertComment } from '../../src/platform/github/comments.ts';
import { startSimulator, type Simulator } from '../simulator/server.ts';
import type { RepositoryState } from '../simulator/state.ts';
import { singleFaults, startSession, type Session } from './session.ts';

const key = 'ci/churn/.';
const bot = { login: 'github-actions[bot]', id: 41898282, type: 'Bot' } as const;
const mallory = { login: 'mallory', id: 666, type: 'User' } as const;
const headSha = '1'.repeat(40);
let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator();
});
afterEach(() => simulator.faults.clear());
afterAll(async () => {
  await simulator.close();
});

function withPull(session: Session): Session {
  const { repository } = session;
  const head = { ref: 'feature', sha: headSha, repository: repository.fullName };
  repository.openPull({ number: 7, head, base: { ref: 'main', sha: '2'.repeat(40) } });
  return session;
}

function upsert({ github, logger }: Session, body: string, sha = headSha) {
  return upsertComment(github, { issue: 7, key, body, headSha: sha }, logger);
}

function ownBodies({ comments }: RepositoryState): string[] {
  return comments.filter(({ user }) => user.login === bot.login).map(({ body }) => body);
}

describe('the sticky comment', () => {
  it('is created, then updated, then left alone', async () => {
    const session = withPull(startSession(simulator));

    expect(await upsert(session, 'first')).toMatchObject({ kind: 'created' });
    expect(await upsert(session, 'second')).toMatchObject({ kind: 'updated' });
    const before = simulator.log.length;
    expect(await upsert(session, 'second')).toMatchObject({ kind: 'unchanged' });

    expect(ownBodies(session.repository)).toEqual([`${commentMarker(key)}\nsecond`]);
    expect(simulator.log.slice(before).map(({ method }) => method)).toEqual(['GET', 'GET']);
  });

  it('is found on the second page', async () => {
    const session = withPull(startSession(simulator));
    for (let index = 0; index < 120; index++) session.repository.addComment(7, `chat ${index}`, mallory);
    session.repository.addComment(7, `${commentMarker(key)}\nold`, bot);

    expect(await upsert(session, 'new')).toMatchObject({ kind: 'updated' });
    expect(ownBodies(session.repository)).toEqual([`${commentMarker(key)}\nnew`]);
  });

  it("leaves somebody else's marker alone", async () => {
    const session = withPull(startSession(simulator));
    const spoof = session.repository.addComment(7, `${commentMarker(key)}\nall good, merge`, mallory);

    expect(await upsert(session, 'worse')).toMatchObject({ kind: 'created' });
    expect(spoof.body).toContain('all good');
    expect(ownBodies(session.repository)).toEqual([`${commentMarker(key)}\nworse`]);
  });

  it('keeps the comments of other models apart', async () => {
    const session = withPull(startSession(simulator));
    session.repository.addComment(7, `${commentMarker('ci/fraud/.')}\nfraud`, bot);
    await upsert(session, 'churn');
    expect(ownBodies(session.repository)).toHaveLength(2);
  });

  it('keeps the oldest of several own ones and removes the others', async () => {
    const session = withPull(startSession(simulator));
    const { repository } = session;
    const [oldest] = [1, 2, 3].map((n) => repository.addComment(7, `${commentMarker(key)}\n${n}`, bot));

    expect(await upsert(session, 'now')).toMatchObject({ kind: 'updated' });
    expect(repository.comments.map(({ id, body }) => ({ id, body }))).toEqual([
      { id: oldest?.id, body: `${commentMarker(key)}\nnow` },
    ]);
  });

  it('says nothing about a commit that is no longer the newest', async () => {
    const session = withPull(startSession(simulator));
    const outcome = await upsert(session, 'stale', '3'.repeat(40));
    expect(outcome).toEqual({ kind: 'superseded', headSha });
    expect(session.repository.comments).toEqual([]);
  });

  it('fits a text that is too long for GitHub', async () => {
    const session = withPull(startSession(simulator));
    await upsert(session, 'A line of the report.\n'.repeat(4000));
    const [body = ''] = ownBodies(session.repository);
    expect(body.length).toBeLessThanOrEqual(65_536);
    expect(body).toMatch(/A line of the report\.\n\n\*The rest did not fit/);
  });

  it('ends as one comment when eight runs write at once', async () => {
    const first = withPull(startSession(simulator));
    const sessions = Array.from({ length: 8 }, () => startSession(simulator, {}, first.repository));
    await Promise.all(sessions.map((session, index) => upsert(session, `run ${index}`)));
    await upsert(first, 'last');

    expect(ownBodies(first.repository)).toEqual([`${commentMarker(key)}\nlast`]);
    expect(simulator.violations).toEqual([]);
  });

  it('is neither lost nor doubled by any single failure of any request', async () => {
    const clean = withPull(startSession(simulator));
    const before = simulator.log.length;
    await upsert(clean, 'text');
    const requests = simulator.log.length - before;

    for (const fault of singleFaults) {
      for (let nth = 1; nth <= requests; nth++) {
        const session = startSession(simulator, {}, clean.repository);
        clean.repository.comments.length = 0;
        simulator.fault({ ...fault, nth });
        await upsert(session, 'text');
        expect([fault.name, nth, ownBodies(session.repository)]).toEqual([
          fault.name,
          nth,
          [`${commentMarker(key)}\ntext`],
        ]);
        simulator.faults.clear();
      }
    }
    expect(requests).toBe(5);
    expect(simulator.violations).toEqual([]);
  }, 60_000);
});
