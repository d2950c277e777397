import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodePredictions, encodePredictions } from '../../../src/contracts/predictions.ts';
import { decodeSplit, encodeSplit } from '../../../src/contracts/split.ts';

const rowSet = (rows: number) =>
  fc
    .uniqueArray(fc.nat(Math.max(rows - 1, 0)), { maxLength: rows })
    .map((set) => Int32Array.from(set.sort((a, b) => a - b)));

describe('split file', () => {
  it('gives back what was written', () => {
    const file = fc.integer({ min: 1, max: 70 }).chain((rows) =>
      fc.record({
        rows: fc.constant(rows),
        development: rowSet(rows),
        holdout: rowSet(rows),
        folds: fc.array(fc.record({ repeat: fc.nat(3), train: rowSet(rows), test: rowSet(rows) }), {
          maxLength: 4,
        }),
      }),
    );
    fc.assert(
      fc.property(file, (split) => expect(decodeSplit(encodeSplit(split), 'split.bin')).toEqual(split)),
    );
  });

  it('refuses a file that was cut or is something else', () => {
    const bytes = encodeSplit({
      rows: 9,
      development: Int32Array.of(1),
      holdout: Int32Array.of(8),
      folds: [],
    });
    expect(() => decodeSplit(bytes.subarray(0, -1), 'split.bin')).toThrow('damaged');
    expect(() => decodeSplit(new TextEncoder().encode('{"a": 1}       '), 'split.bin')).toThrow('damaged');
  });
});

describe('predictions file', () => {
  const file = fc
    .record({ rows: fc.integer({ min: 0, max: 20 }), outputs: fc.integer({ min: 1, max: 3 }) })
    .chain(({ rows, outputs }) =>
      fc.record({
        model: fc.string(),
        candidate: fc.string(),
        fingerprint: fc.string(),
        rows: fc.constant(rows),
        outputs: fc.constant(outputs),
        identities: fc.uint8Array({ minLength: 16 * rows, maxLength: 16 * rows }),
        labelChecks: fc.uint32Array({ minLength: rows, maxLength: rows }),
        folds: fc.uint8Array({ minLength: rows, maxLength: rows }),
        values: fc.float64Array({ minLength: rows * outputs, maxLength: rows * outputs }),
      }),
    );

  it('gives back what was written, bit for bit', () => {
    fc.assert(
      fc.property(file, (value) =>
        expect(decodePredictions(encodePredictions(value), 'p.bin')).toEqual(value),
      ),
    );
  });

  it('refuses any cut with a named error', () => {
    fc.assert(
      fc.property(file, fc.integer({ min: 1, max: 30 }), (value, cut) => {
        const bytes = encodePredictions(value);
        expect(() => decodePredictions(bytes.subarray(0, Math.max(0, bytes.length - cut)), 'p.bin')).toThrow(
          expect.objectContaining({ code: 'DOCUMENT_INVALID' }),
        );
      }),
    );
  });
});
