import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../../src/config/load.ts';
import { formatUserError, UserError } from '../../../src/errors/user-error.ts';

const catalogue = {
  trainers: new Map(),
  metrics: ['log_loss'],
  scores: new Set<string>(),
  unweighted: new Set<string>(),
  updating: new Set<string>(),
};

function complaint(text: string): string {
  try {
    loadConfig(text, 'model-factory.yml', catalogue);
  } catch (error) {
    if (error instanceof UserError) return formatUserError(error);
    throw error;
  }
  return 'no complaint';
}

describe('YAML that can not be read', () => {
  it.each([
    ['an open brace', 'data: { source: a.csv\n', '{ is opened before', 'missing }'],
    ['an open bracket', 'drop: [a, b\nmodel: x\n', '[ is opened before', 'missing ]'],
    ['a brace open at the end', '{ a: 1', '{ is opened before', 'missing }'],
    ['a key out of line', 'data:\n  source: a.csv\n target: b\n', 'different columns', 'Indent this line'],
    ['a tab', 'data:\n\tsource: a.csv\n', 'indented with a tab', 'Write spaces'],
    ['a key twice', 'model: a\nmodel: b\n', 'stands twice', 'Keep one'],
    ['an open quote', 'model: "churn\n', 'quote is opened', 'the same quote'],
    ['a key without a colon', 'version: 1\nmodel\n', 'no colon and no value', 'e.g. target: churned'],
    ['no space behind the colon', 'version:1\nmodel: churn\n', 'neither a key nor a value', 'a space'],
    ['a colon in a value', 'target: cost: total\n', 'second colon', 'target: "cost: total"'],
    ['a reserved sign', 'target: @churned\n', 'begins with a sign', 'target: "@churned"'],
    ['a path with a backslash', 'source: "data\\customers.csv"\n', 'backslash', 'single quotes'],
    ['two documents', 'version: 1\n---\nversion: 1\n', 'second document', 'Remove the line ---'],
    ['a bracket too many', 'drop: [a]]\n', 'closed that was not opened', 'Remove it'],
    ['text behind a quoted value', "target: 'it's'\n", 'follows a value that', "'it''s'"],
  ])('says what to write for %s', (_, text, message, fix) => {
    const told = complaint(text);
    expect(told).toContain(message);
    expect(told).toContain(fix);
    expect(told.match(/CONFIG_SYNTAX/g)).toHaveLength(1);
  });

  it('keeps the words of the parser for the rest', () => {
    expect(complaint('a: &x &y 1\n')).toContain('Write a key, a colon, a space and its value');
  });
});

describe('a key that is missing', () => {
  it('is shown with an example', () => {
    const told = complaint('gate: { metric: log_loss }\n');
    expect(told).toContain('Add it: version: 1.');
    expect(told).toContain('Add it: model: churn, a name of your choice');
    expect(told).toContain('Add it: data: { source: data/customers.csv, target: churned }.');
  });

  it('is shown with its kind where no example is known', () => {
    expect(
      complaint(
        'version: 1\nmodel: aa\ndata: { source: a, target: b }\ngate: { baseline: { restart: x } }\n',
      ),
    ).toContain('Add it: from: a text.');
  });
});
