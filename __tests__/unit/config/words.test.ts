import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { splitCommand, wordsOf } from '../../../src/config/words.ts';

describe('splitCommand', () => {
  it.each([
    ['./deploy.sh', ['./deploy.sh']],
    ['  python  train.py\t--c {C} \n', ['python', 'train.py', '--c', '{C}']],
    [`say "two words" 'and $more | here' ""`, ['say', 'two words', 'and $more | here', '']],
    [`a"b c"d'e'`, ['ab cde']],
    [String.raw`a\ b "say \"hi\" \\" 'C:\dir' \$HOME`, ['a b', 'say "hi" \\', 'C:\\dir', '$HOME']],
    ['ls *.csv ~ #x', ['ls', '*.csv', '~', '#x']],
  ])('splits %j', (text, words) => {
    expect(splitCommand(text)).toEqual({ kind: 'words', words });
  });

  it.each([
    ['', 'begin with a program'],
    [' \t ', 'begin with a program'],
    ['"" x', 'begin with a program'],
    ['say "hi', 'close its quote "'],
    ["say 'hi", "close its quote '"],
    ['say hi\\', 'backslash'],
    ['./a.sh && ./b.sh', '&'],
    ['./deploy.sh $STAGE', '$'],
    ['cat x | wc', '|'],
    ['a\0b', 'NUL'],
  ])('refuses %j', (text, message) => {
    expect(splitCommand(text)).toMatchObject({ kind: 'fault', message: expect.stringContaining(message) });
  });

  it('gives back any words that were quoted', () => {
    const word = fc.string().filter((text) => !text.includes('\0'));
    const quote = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`;
    fc.assert(
      fc.property(word, fc.array(word), (first, rest) => {
        const words = [`x${first}`, ...rest];
        expect(wordsOf(words.map(quote).join(' '))).toEqual(words);
      }),
    );
  });
});
