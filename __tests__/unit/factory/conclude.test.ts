import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { writeDocument } from '../../../src/contracts/document.ts';
import { promotionDocument } from '../../../src/contracts/ledger.ts';
import { runFactory } from '../../../src/factory/run.ts';
import { ledgerFolder } from '../../../src/platform/ledger-folder.ts';
import { releaseFolder } from '../../../src/platform/release-folder.ts';
import { ledgerPaths, readPromotions } from '../../../src/registry/history.ts';
import type { LedgerStore } from '../../../src/registry/store.ts';
import { testTerminal } from '../cli/terminal.ts';

const adult = fileURLToPath(new URL('../../fixtures/data/adult-3000.csv', import.meta.url));
const people = readFileSync(adult, 'utf8').split('\n').slice(0, 801).join('\n');
const quiet = () => undefined;
const timeout = 60_000;

const configuration = (C: number) =>
  [
    'version: 1',
    'model: income',
    'data: { source: people.csv, target: income, positive: ">50K" }',
    `candidates: { linear: { trainer: logistic-regression, params: { C: ${C} } } }`,
  ].join('\n');

describe('a run that others overtake', () => {
  let folder: string;
  let ledger: LedgerStore;
  let runs = 0;

  const promote = (store: LedgerStore, told: string[] = []) =>
    runFactory({
      configFile: join(folder, 'model-factory.yml'),
      outFolder: join(folder, 'out'),
      question: 'promote',
      base: null,
      person: null,
      cache: null,
      ports: {
        logger: testTerminal().terminal.logger,
        progress: { update: quiet, finished: quiet, end: quiet },
        workers: { threads: 1, entry: '' },
        environment: { factory: '0.1.0', node: 'v24.0.0', platform: 'linux', arch: 'x64' },
        now: () => new Date(),
        history: {
          place: { kind: 'folder', folder: 'history' },
          ledger: store,
          releases: releaseFolder(join(folder, 'releases')),
        },
        run: { id: String(++runs), attempt: 1, url: null, event: 'push' },
      },
      onVerdict: ({ verdict }) =>
        Promise.resolve(void told.push(`${verdict.conclusion} over ${verdict.champion?.version}`)),
    });
  const versions = async () =>
    (await readPromotions(await ledger.open(), 'income')).map(({ version }) => version);

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'model-factory-conclude-'));
    ledger = ledgerFolder(join(folder, 'history'));
    writeFileSync(join(folder, 'people.csv'), people);
    writeFileSync(join(folder, 'model-factory.yml'), configuration(0.0005));
    await promote(ledger);
    writeFileSync(join(folder, 'model-factory.yml'), configuration(1));
  }, timeout);
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Another run's record, just before `store` writes for the given time; `times` = how often it happens. */
  function overtakenBeforeWriting(times: number): LedgerStore {
    let left = times;
    return {
      open: () => ledger.open(),
      append: async (head, files, message) => {
        if (left-- > 0) await ledger.append(head, new Map([[`notes/${left}.json`, '{}']]), 'another run');
        return ledger.append(head, files, message);
      },
    };
  }

  /** Another run's promotion, just after this run was recorded and before it publishes. */
  function overtakenBeforePublishing(times: number): LedgerStore {
    let left = times;
    return {
      open: () => ledger.open(),
      append: async (head, files, message) => {
        const outcome = await ledger.append(head, files, message);
        const recorded = [...files.keys()].some((path) => path.includes('/runs/'));
        if (!recorded || outcome.kind !== 'written' || left-- <= 0) return outcome;
        await promoteAnother(outcome.head);
        return outcome;
      },
    };
  }

  /** The champion's bytes once more, as another run's next version. */
  async function promoteAnother(head: string): Promise<void> {
    const champion = (await readPromotions(await ledger.open(), 'income')).at(-1)!;
    const sequence = champion.sequence + 1;
    const version = `v1.0.${sequence}`;
    const release = (name: string) => join(folder, 'releases', `income@${name}`);
    cpSync(release(champion.version), release(version), { recursive: true });
    const promotion = { ...champion, sequence, version, previous: champion.version, runId: 'other' };
    const path = ledgerPaths.promotion('income', sequence);
    await ledger.append(head, new Map([[path, writeDocument(promotionDocument, promotion)]]), 'another run');
  }

  it(
    'is judged again, and recorded, when the history moved twice',
    async () => {
      const told: string[] = [];
      const { published } = await promote(overtakenBeforeWriting(2), told);
      expect(told).toEqual(['promote over v1.0.0']);
      expect(published?.promotion.version).toBe('v1.1.0');
      expect(await versions()).toEqual(['v1.0.0', 'v1.1.0']);
    },
    timeout,
  );

  it(
    'ends with LEDGER_CONFLICT when the history moved three times, and publishes nothing',
    async () => {
      await expect(promote(overtakenBeforeWriting(3))).rejects.toMatchObject({
        code: 'LEDGER_CONFLICT',
        message: 'the history was written by others 3 times in a row',
      });
      expect(await versions()).toEqual(['v1.0.0']);
    },
    timeout,
  );

  it(
    'is judged against the champion that another run made meanwhile',
    async () => {
      const told: string[] = [];
      const { published } = await promote(overtakenBeforePublishing(1), told);
      expect(told).toEqual(['promote over v1.0.0', 'promote over v1.0.2']);
      expect(published?.promotion).toMatchObject({ previous: 'v1.0.2', version: 'v1.1.0' });
    },
    timeout,
  );

  it(
    'records its last verdict even where the history moved after the champion did',
    async () => {
      const overtaken = overtakenBeforePublishing(1);
      let opened = 0;
      const store: LedgerStore = {
        open: async () => {
          // 1 and 4: the situation is read; 2 and 5: the verdict is recorded; 3: it is published.
          if (++opened === 5) {
            const { head } = await ledger.open();
            await ledger.append(head, new Map([['notes/1.json', '{}']]), 'another run');
          }
          return overtaken.open();
        },
        append: (head, files, message) => overtaken.append(head, files, message),
      };
      await promote(store);
      const record = await (await ledger.open()).read(ledgerPaths.run('income', String(runs), 1));
      expect(JSON.parse(record!)).toMatchObject({ conclusion: 'promote', champion: 'v1.0.2' });
    },
    timeout,
  );

  it(
    'ends with LEDGER_CONFLICT when three champions were made meanwhile: no verdict that says promote ends well',
    async () => {
      const told: string[] = [];
      await expect(promote(overtakenBeforePublishing(3), told)).rejects.toMatchObject({
        code: 'LEDGER_CONFLICT',
      });
      expect(told).toEqual(['promote over v1.0.0', 'promote over v1.0.2', 'promote over v1.0.3']);
      expect(await versions()).toEqual(['v1.0.0', 'v1.0.2', 'v1.0.3', 'v1.0.4']);
    },
    timeout,
  );
});
