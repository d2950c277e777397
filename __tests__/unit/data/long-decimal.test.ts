import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { longDecimal } from '../../../src/data/csv/long-decimal.ts';
import { cells, raw, typed } from './csv.ts';

/** 16 to 19 digits with the point before the last `decimals` of them. */
const longTexts = fc
  .tuple(fc.stringMatching(/^[1-9]\d{15,18}$/), fc.integer({ min: 1, max: 22 }))
  .map(([digits, decimals]) => {
    const padded = digits.padStart(decimals + 1, '0');
    return `${padded.slice(0, -decimals)}.${padded.slice(-decimals)}`;
  });

const parse = (text: string) => {
  const bytes = new TextEncoder().encode(text);
  return longDecimal(bytes, 0, bytes.length, text.length - text.indexOf('.') - 1);
};

describe('longDecimal', () => {
  it('rounds as Number does, or says that it can not be sure', () => {
    let unsure = 0;
    fc.assert(
      fc.property(longTexts, (text) => {
        const value = parse(text);
        if (Number.isNaN(value)) unsure++;
        else expect(value).toBe(Number(text));
      }),
      { numRuns: 3000 },
    );
    expect(unsure).toBeLessThan(300);
  });

  it('is not sure at the middle between two doubles', () => {
    expect(parse('9007199254740993.0')).toBeNaN();
    expect(parse('9007199254740993.1')).toBe(9007199254740994);
  });
});

describe('decimals of many digits in a file', () => {
  it('are the nearest double, positive and negative', async () => {
    const texts = [
      '9007199254740993.0',
      '-0.05644299999999999',
      '123456.78901234567890123',
      '0.1000000000000000055',
    ];
    const column = (await typed(['n', ...texts].join('\n'))).columns[0]!;
    expect(column).toMatchObject({ kind: 'numeric', values: Float64Array.from(texts, Number) });
  });

  it('that are too long for a number are texts', async () => {
    const text = `0.${'1'.repeat(50)}`;
    expect(cells(await raw(`n\n${text}\n`))[1]).toEqual([text]);
  });
});
