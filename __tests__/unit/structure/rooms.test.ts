import { describe, expect, it } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { leaves, rooms } from '../../../scripts/rooms.ts';
import { filesBelow, read, root } from './sources.ts';

const importPattern = /(?:from|import)\s*\(?\s*'(\.[^']+)'/g;

/** `[file, room it imports from]` for each import that leaves its own room. */
function* crossings(): Generator<readonly [file: string, room: string, imported: string]> {
  for (const file of filesBelow('src')) {
    const room = file.split('/')[1]!;
    for (const [, target] of read(file).matchAll(importPattern)) {
      const [top, imported = ''] = posix.join(dirname(file), target!).split('/');
      if (top === 'src' && imported !== room) yield [file, room, imported];
    }
  }
}

describe('the rooms of src', () => {
  it('are the ones in scripts/rooms.ts', () => {
    const folders = readdirSync(join(root, 'src'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    expect(folders.sort()).toEqual(Object.keys(rooms).sort());
  });

  it('import only what the table allows', () => {
    const all = [...crossings()].filter(([, room]) => room in rooms);
    expect(all.length).toBeGreaterThan(100);
    const forbidden = all.filter(([, room, imported]) => !rooms[room]!.mayImport.includes(imported));
    expect(forbidden.map(([file, , imported]) => `${file} imports ${imported}`)).toEqual([]);
  });

  it('import all that the table allows, so that no arrow stands for nothing', () => {
    const used = new Set([...crossings()].map(([, room, imported]) => `${room} -> ${imported}`));
    const allowed = Object.entries(rooms).flatMap(([room, { mayImport }]) =>
      mayImport.filter((name) => !leaves.includes(name)).map((name) => `${room} -> ${name}`),
    );
    expect(allowed.filter((arrow) => !used.has(arrow))).toEqual([]);
  });

  it('form no cycle', () => {
    const finished = new Set<string>();
    const visit = (room: string, path: readonly string[]): void => {
      expect(path).not.toContain(room);
      if (finished.has(room)) return;
      for (const next of rooms[room]!.mayImport) visit(next, [...path, room]);
      finished.add(room);
    };
    for (const room of Object.keys(rooms)) visit(room, []);
    expect(finished.size).toBe(Object.keys(rooms).length);
  });

  it('let no action import another', () => {
    const foreign = filesBelow('src/actions').flatMap((file) => {
      const [, , own, nested] = file.split('/');
      if (nested === undefined) return [];
      return [...read(file).matchAll(importPattern)]
        .map(([, target]) => posix.join(dirname(file), target!))
        .filter((path) => /^src\/actions\/[^/]+\//.test(path) && path.split('/')[2] !== own)
        .map((path) => `${file} imports ${path}`);
    });
    expect(foreign).toEqual([]);
  });
});
