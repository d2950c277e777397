import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { withoutCommands } from '../../../src/platform/workflow-commands.ts';

/**
 * What the runner does with a line, after its ActionCommand.cs: the first form may follow white space, the second may
 * stand anywhere.
 */
function isCommand(line: string): boolean {
  const start = line.replace(/^[\s\u0085]+/, '');
  return (start.startsWith('::') && start.indexOf('::', 2) > 1) || line.includes('##[');
}

/** The runner ends lines as .NET does: at CR LF, LF and CR. */
const linesOf = (text: string) => text.split(/\r\n|\n|\r/);

const nasty = fc.string({
  unit: fc.constantFrom(
    '::',
    ':',
    '##[',
    '#',
    '[',
    'error',
    'add-mask',
    ' ',
    '\t',
    '\r',
    '\n',
    '\u0085',
    '\u200b',
    '\ufeff',
    'é',
    '\x1b[31m',
    '\0',
  ),
  maxLength: 30,
});

describe('text from outside', () => {
  it('never becomes a command of the runner', () => {
    fc.assert(
      fc.property(fc.oneof(nasty, fc.string({ unit: 'binary' })), (text) => {
        expect(linesOf(withoutCommands(text)).filter(isCommand)).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  it('stays as it is where it is harmless', () => {
    const text = 'Epoch 1: loss 0.5 :: 12 %\n\tstd::vector<int> # not a command\nÄ 🎉';
    expect(withoutCommands(text)).toBe(text);
  });

  it('loses control characters, and gains a line for a lone CR', () => {
    expect(withoutCommands('a\rb\r\nc\x1b[31md\0')).toBe('a\nb\nc[31md');
  });

  it.each([
    '::error::x',
    '  ::add-mask::a',
    '::stop-commands::token',
    'ok ##[error]x',
    '\ufeff::set-output name=a::b',
    ':::error::x',
  ])('%j is defused and still readable', (line) => {
    const safe = withoutCommands(line);
    expect(isCommand(safe)).toBe(false);
    expect(safe.replaceAll('\u2060', '')).toBe(line);
  });
});
