import { describe, expect, it } from '@jest/globals';
import { formatUserError, UserError } from '../../../src/errors/user-error.ts';

const shown = (message: string, fix: string): string =>
  formatUserError(new UserError({ code: 'DATA_SYNTAX', message, fix }));

describe('formatUserError', () => {
  it.each([
    ['the row is too short', 'Mend it.', 'DATA_SYNTAX: The row is too short.\n  fix:   Mend it.'],
    ['The row is too short.', 'Mend it', 'DATA_SYNTAX: The row is too short.\n  fix:   Mend it.'],
    [
      '"age" is missing',
      'Did you mean "ages"?',
      'DATA_SYNTAX: "age" is missing.\n  fix:   Did you mean "ages"?',
    ],
    ['model.onnx is damaged', 'Fetch it.', 'DATA_SYNTAX: model.onnx is damaged.\n  fix:   Fetch it.'],
    [
      'not UTF-8',
      'Convert it: iconv -f X "a.csv" > b.csv',
      'DATA_SYNTAX: Not UTF-8.\n  fix:   Convert it: iconv -f X "a.csv" > b.csv',
    ],
  ])('%s', (message, fix, text) => {
    expect(shown(message, fix)).toBe(text);
  });

  it('shows each fault with its place', () => {
    const more = new UserError({ code: 'DATA_COLUMN', message: 'no age', fix: 'Add it.' });
    const at = { file: 'a.csv', line: 3, column: 4, row: 2, name: 'age' };
    const first = { code: 'DATA_SYNTAX', message: 'bad', at, fix: 'Mend it.' } as const;
    expect(formatUserError(new UserError(first, [more]))).toBe(
      'DATA_SYNTAX: bad.\n  where: a.csv:3:4, row 2, "age"\n  fix:   Mend it.\n\n' +
        'DATA_COLUMN: No age.\n  fix:   Add it.',
    );
  });
});
