import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  assignmentsOf,
  nextCounter,
  parseStageTag,
  stagesOf,
  stageTag,
  versionBefore,
  versionsOf,
} from '../../../src/registry/stages.ts';
import { parseVersionTag } from '../../../src/registry/versions.ts';

const tags = [
  { name: 'churn@v1.10.0', commit: 'c' },
  { name: 'churn@v1.2.0', commit: 'b' },
  { name: 'churn@v1.0.0', commit: 'a' },
  { name: 'churn-eu@v7.0.0', commit: 'a' },
  { name: 'churn#prod#1', commit: 'a' },
  { name: 'churn#dev#2', commit: 'b' },
  { name: 'churn#prod#10', commit: 'nowhere' },
  { name: 'churn#prod#3', commit: 'b' },
  { name: 'churn-eu#prod#44', commit: 'a' },
  { name: 'v2.0', commit: 'a' },
];

describe('stage tags', () => {
  it.each([
    'churn#prod',
    'churn#prod#0',
    'churn#prod#03',
    'churn#prod#x',
    'Churn#prod#1',
    'churn#p#1',
    'a#b#c#1',
  ])('refuses %s', (name) => expect(parseStageTag(name)).toBeNull());

  it('reads what it writes', () => {
    const name = fc.stringMatching(/^[a-z0-9][a-z0-9_-]{0,20}[a-z0-9]$/);
    fc.assert(
      fc.property(name, name, fc.integer({ min: 1 }), (model, stage, counter) => {
        expect(parseStageTag(stageTag({ model, stage, counter }))).toEqual({ model, stage, counter });
      }),
    );
  });

  it('tells which version each stage has, by the counter and not by the name', () => {
    const assignments = assignmentsOf(tags, 'churn');
    expect(assignments.map(({ tag, version }) => [tag.name, version])).toEqual([
      ['churn#prod#1', 'v1.0.0'],
      ['churn#dev#2', 'v1.2.0'],
      ['churn#prod#3', 'v1.2.0'],
      ['churn#prod#10', null],
    ]);
    expect([...stagesOf(assignments)].map(([stage, { counter }]) => [stage, counter])).toEqual([
      ['prod', 3],
      ['dev', 2],
    ]);
    expect(nextCounter(assignments)).toBe(11);
    expect(nextCounter([])).toBe(1);
  });

  it('goes back to the version before, past tags of the same version', () => {
    const more = [...tags, { name: 'churn#prod#11', commit: 'b' }];
    expect(versionBefore(assignmentsOf(more, 'churn'), 'prod')).toBe('v1.0.0');
    expect(versionBefore(assignmentsOf(more, 'churn'), 'dev')).toBeNull();
  });
});

describe('version tags', () => {
  it('sorts versions by number', () => {
    expect(versionsOf(tags, 'churn').map(({ version }) => version)).toEqual(['v1.0.0', 'v1.2.0', 'v1.10.0']);
  });

  it.each(['churn', 'churn@1.0.0', 'churn@v1.0', '@v1.0.0', 'churn@v1.0.0-rc1', 'a b@v1.0.0'])(
    'refuses %s',
    (name) => expect(parseVersionTag(name)).toBeNull(),
  );
});
