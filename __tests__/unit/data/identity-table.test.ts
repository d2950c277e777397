import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hmacSha256 } from '../../../src/data/identity.ts';
import { IdentityTable, identityWords } from '../../../src/data/identity-table.ts';

describe('IdentityTable', () => {
  it('numbers different keys in the order in which they come, however many', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(3), fc.nat(40)), { maxLength: 3000, size: 'max' }),
        fc.nat(3),
        (keys, shift) => {
          // Keys that differ in their first or in their last byte alone, at any offset in memory.
          const bytes = new Uint8Array(16 * keys.length + shift).subarray(shift);
          keys.forEach(([first, last], row) => {
            bytes[16 * row] = first;
            bytes[16 * row + 15] = last;
          });
          const words = identityWords(shift === 2 ? Buffer.from(bytes.buffer, shift) : bytes);
          const table = new IdentityTable();
          const known = new Map<string, number>();
          keys.forEach((key, row) => {
            const name = key.join();
            expect(table.has(words, row)).toBe(known.has(name));
            if (!known.has(name)) known.set(name, known.size);
            expect(table.add(words, row)).toBe(known.get(name));
          });
          expect(table.count).toBe(known.size);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('holds more keys than it had room for', () => {
    const rows = 5000;
    const words = identityWords(new Uint8Array(16 * rows));
    for (let row = 0; row < rows; row++) words[4 * row + 1] = row;
    const table = new IdentityTable();
    for (let row = 0; row < rows; row++) expect(table.add(words, row)).toBe(row);
    for (let row = rows - 1; row >= 0; row--) expect(table.add(words, row)).toBe(row);
  });
});

describe('hmacSha256', () => {
  it('is HMAC-SHA256 for keys and messages of any length', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 200, unit: 'binary' }),
        fc.array(fc.uint8Array({ maxLength: 2000 }), { minLength: 1, maxLength: 4 }),
        (key, messages) => {
          const digestOf = hmacSha256(key);
          for (const message of messages) {
            const expected = createHmac('sha256', key).update(message).digest('hex');
            expect(Buffer.from(digestOf(message)).toString('hex')).toBe(expected);
          }
        },
      ),
    );
  });
});
