import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { alignByIdentity, pickIdentities, pickRows } from '../../../src/factory/alignment.ts';

const identities = (rows: readonly number[]) =>
  Uint8Array.from(rows.flatMap((id) => [id, ...new Array<number>(15).fill(7)]));

describe('alignByIdentity', () => {
  it('pairs rows in whatever order, duplicates in their order, and leaves strangers out', () => {
    const { first, second } = alignByIdentity(identities([1, 2, 2, 9]), identities([2, 5, 1, 2]));
    expect([...first]).toEqual([0, 1, 2]);
    expect([...second]).toEqual([2, 0, 3]);
  });

  it('pairs every row of a shuffled table once, with its own identity', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20)), fc.array(fc.nat(20)), (a, b) => {
        const { first, second } = alignByIdentity(identities(a), identities(b));
        expect(Array.from(first, (row) => a[row])).toEqual(Array.from(second, (row) => b[row]));
        expect(new Set(second).size).toBe(second.length);
        const common = a.filter(
          (id, i) => a.slice(0, i).filter((x) => x === id).length < b.filter((x) => x === id).length,
        );
        expect(first.length).toBe(common.length);
      }),
    );
  });
});

describe('pickRows', () => {
  it('takes whole rows', () => {
    expect([...pickRows(Float64Array.of(1, 2, 3, 4, 5, 6), 2, Int32Array.of(2, 0))]).toEqual([5, 6, 1, 2]);
    expect(pickIdentities(identities([1, 2, 3]), Int32Array.of(2))).toEqual(identities([3]));
  });
});
