import { describe, expect, it } from '@jest/globals';
import { writeDocument } from '../../../src/contracts/document.ts';
import { epochDocument, lookDocument } from '../../../src/contracts/ledger.ts';
import { ledgerPaths, readHistory } from '../../../src/registry/history.ts';
import type { LedgerSnapshot } from '../../../src/registry/store.ts';

const about = { runId: '1', runUrl: null, commit: null, at: '2026-11-21T09:30:00Z' };
const epoch = { number: 2, rule: '{}', salt: 'aa', splitColumns: ['id'], listed: false };
const looks = Array.from({ length: 50 }, (_, i) => ({
  ...{ number: i + 1, modelSha256: String(i % 10).repeat(64), conclusion: 'keep', until: i },
}));

/** A history in memory that counts what is read of it; look `n` names those before it where `tells(n)`. */
function historyOf(tells: (number: number) => boolean): { snapshot: LedgerSnapshot; read: string[] } {
  const epochRecord = { schema: 'epoch/1' as const, model: 'churn', epoch, reason: 'test', ...about };
  const files = new Map([[ledgerPaths.epoch('churn', 2), writeDocument(epochDocument, epochRecord)]]);
  for (const look of looks) {
    const text = writeDocument(lookDocument, {
      ...{
        schema: 'look/1',
        model: 'churn',
        epoch: 2,
        candidate: 'line',
        reason: 'not-better',
        ...look,
        ...about,
      },
      earlier: tells(look.number) ? looks.slice(0, look.number - 1) : [],
    });
    files.set(ledgerPaths.look('churn', 2, look.number), text);
  }
  const read: string[] = [];
  const snapshot: LedgerSnapshot = {
    head: 'a',
    read: (path) => Promise.resolve(read.push(path) > 0 ? (files.get(path) ?? null) : null),
    list: (prefix) => Promise.resolve([...files.keys()].filter((path) => path.startsWith(prefix)).sort()),
  };
  return { snapshot, read };
}

describe('readHistory', () => {
  it('learns all looks from the newest file', async () => {
    const { snapshot, read } = historyOf(() => true);
    expect((await readHistory(snapshot, 'churn')).looks).toEqual(looks);
    expect(read).toEqual([ledgerPaths.epoch('churn', 2), ledgerPaths.look('churn', 2, 50)]);
  });

  it.each([
    ['none', () => false],
    ['only older ones', (number: number) => number < 40],
  ])('reads every look where %s tell those before them', async (_, tells) => {
    expect((await readHistory(historyOf(tells).snapshot, 'churn')).looks).toEqual(looks);
  });

  it('counts no fewer looks where older files are gone, and refuses where nothing tells them', async () => {
    const without = (tells: () => boolean): LedgerSnapshot => {
      const { snapshot } = historyOf(tells);
      const list = async (prefix: string) =>
        (await snapshot.list(prefix)).filter((path) => !/-00000\d/.test(path));
      return { ...snapshot, list };
    };
    expect(
      (
        await readHistory(
          without(() => true),
          'churn',
        )
      ).looks,
    ).toEqual(looks);
    await expect(
      readHistory(
        without(() => false),
        'churn',
      ),
    ).rejects.toMatchObject({ code: 'LEDGER_INVALID' });
  });
});
