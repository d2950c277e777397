import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isRegularFile, listFiles, readFileOrNull, writeFileAtomic } from '../../../src/platform/files.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'files-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('files', () => {
  it('are written as a whole, over what was there, and leave no drafts', async () => {
    const path = join(folder, 'a', 'b.json');
    await writeFileAtomic(path, 'one');
    await writeFileAtomic(path, new Uint8Array([0, 255]));
    expect(readFileSync(path)).toEqual(Buffer.from([0, 255]));
    expect(readdirSync(join(folder, 'a'))).toEqual(['b.json']);
  });

  it('that can not be written name the path, and leave no drafts', async () => {
    mkdirSync(join(folder, 'taken'));
    writeFileSync(join(folder, 'taken', 'x'), '');
    await expect(writeFileAtomic(join(folder, 'taken'), 'text')).rejects.toMatchObject({
      code: 'FILE_UNWRITABLE',
      at: { file: join(folder, 'taken') },
    });
    expect(readdirSync(folder)).toEqual(['taken']);
  });

  it('that are not there read as null; a folder is an error', async () => {
    expect(await readFileOrNull(join(folder, 'none', 'x'))).toBeNull();
    await expect(readFileOrNull(folder)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  });

  it('are listed by code point, without links', async () => {
    for (const name of ['b', 'B', 'a/z', 'ä']) {
      mkdirSync(join(folder, name, '..'), { recursive: true });
      writeFileSync(join(folder, name), '');
    }
    symlinkSync('/etc/hostname', join(folder, 'link'));
    expect(await listFiles(folder)).toEqual(['B', 'a/z', 'b', 'ä']);
    expect(await listFiles(join(folder, 'none'))).toEqual([]);
  });

  it('are regular only when they are no links', async () => {
    writeFileSync(join(folder, 'a'), '');
    chmodSync(join(folder, 'a'), 0o600);
    symlinkSync(join(folder, 'a'), join(folder, 'link'));
    const answers = ['a', 'link', '.', 'none'].map((name) => isRegularFile(join(folder, name)));
    expect(await Promise.all(answers)).toEqual([true, false, false, false]);
  });
});
