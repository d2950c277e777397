import { describe, expect, it } from '@jest/globals';
import { parseOptions } from '../../../src/cli/arguments.ts';

const options = {
  config: { value: 'FILE', help: 'configuration' },
  workers: { value: 'N', help: 'threads' },
  promote: { help: 'promote' },
};

describe('parseOptions', () => {
  it('reads values, switches, positionals and whole numbers', () => {
    const args = parseOptions(['a.csv', '--config', 'x.yml', '--promote', '--workers=3'], options);
    expect([args.positionals, args.text('config'), args.flag('promote'), args.integer('workers', 1)]).toEqual(
      [['a.csv'], 'x.yml', true, 3],
    );
  });

  it.each([
    [['--confg', 'x'], 'unknown option --confg', 'Did you mean --config?'],
    [['--config'], '--config needs a value', 'Write --config FILE.'],
    [['--promote=yes'], '--promote takes no value', 'Write --promote alone.'],
  ])('%j: %s', (argv, message, fix) => {
    expect(() => parseOptions(argv, options)).toThrow(
      expect.objectContaining({ code: 'ARGUMENT_INVALID', message, fix }),
    );
  });

  it.each(['0', '1.5', 'two', '-1'])('refuses %s as a number of threads', (value) => {
    expect(() => parseOptions([`--workers=${value}`], options).integer('workers', 1)).toThrow(
      expect.objectContaining({ fix: 'Give a whole number, at least 1.' }),
    );
  });
});
