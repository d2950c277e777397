import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fitsArchive, packFiles, unpackFiles } from '../../../src/model/archive.ts';
import { formatOf } from '../../../src/model/scorer.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const long = `${'folder/'.repeat(16)}model.bin`;

describe('the archive of a model', () => {
  it('gives back its files, in whatever order they came', () => {
    const name = fc.stringMatching(/^[a-z0-9_]{1,20}(\/[a-zé0-9.]{1,30}x){0,3}$/);
    const files = fc.dictionary(name, fc.uint8Array({ maxLength: 1500 }), { maxKeys: 6 });
    fc.assert(
      fc.property(files, (given) => {
        const entries = Object.entries(given);
        const packed = packFiles(new Map(entries));
        expect(packed).toEqual(packFiles(new Map(entries.reverse())));
        expect(Object.fromEntries(unpackFiles(packed, 'model.tar'))).toEqual(given);
      }),
    );
  });

  it('is a tar archive that tar itself unpacks', () => {
    const folder = mkdtempSync(join(tmpdir(), 'archive-'));
    try {
      const files = new Map([
        ['model.json', bytes('{}')],
        [long, bytes('weights')],
      ]);
      writeFileSync(join(folder, 'model.tar'), packFiles(files));
      execFileSync('tar', ['xf', 'model.tar'], { cwd: folder });
      expect(readFileSync(join(folder, long), 'utf8')).toBe('weights');
      expect(formatOf(packFiles(files))).toBe('opaque');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it.each(['../out', '/etc/passwd', 'a/../b', 'a//b', './a'])('refuses the name %s', (name) => {
    expect(fitsArchive(name)).toBe(false);
    expect(() => unpackFiles(packFiles(new Map([[name, bytes('x')]])), 'model.tar')).toThrow(
      /may not be there/,
    );
  });

  it('refuses links, damaged headers and a missing end', () => {
    const packed = packFiles(new Map([['a', bytes('x'.repeat(600))]]));
    const link = Uint8Array.from(packed);
    link[156] = '2'.charCodeAt(0);
    expect(() => unpackFiles(link, 'model.tar')).toThrow(/damaged or of another kind/);
    expect(() => unpackFiles(packed.subarray(0, 1000), 'model.tar')).toThrow(/ends too early/);
  });
});
