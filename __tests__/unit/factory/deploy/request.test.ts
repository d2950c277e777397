import { describe, expect, it } from '@jest/globals';
import { UserError } from '../../../../src/errors/user-error.ts';
import { deployRequestOf } from '../../../../src/factory/deploy/request.ts';
import { findTarget, newerTag } from '../../../../src/factory/deploy/target.ts';
import { readEvent } from '../../../../src/platform/github/event.ts';

const sha = 'a'.repeat(40);
const push = (ref: string) => readEvent('push', { ref, before: sha, after: sha }, 'main');
const release = (action: string, tag_name: string) =>
  readEvent('release', { action, release: { tag_name } }, 'main');
const dispatch = readEvent('workflow_dispatch', { ref: 'refs/heads/main', inputs: {} }, 'main');
const none = { tag: null, stage: null };

describe('deployRequestOf', () => {
  it('takes the stage tag that was pushed', () => {
    const assigned = { model: 'churn', stage: 'prod', counter: 3 };
    const expected = { kind: 'stage-tag', name: 'churn#prod#3', assigned };
    expect(deployRequestOf(push('refs/tags/churn#prod#3'), none)).toEqual(expected);
    expect(deployRequestOf(push('refs/tags/churn#prod#3'), { tag: null, stage: 'prod' })).toEqual(expected);
  });

  it('takes a published release to the stage that the job names', () => {
    expect(deployRequestOf(release('published', 'churn@v1.4.0'), { tag: null, stage: 'dev' })).toEqual({
      kind: 'version',
      name: 'churn@v1.4.0',
      model: 'churn',
      version: 'v1.4.0',
      stage: 'dev',
    });
    expect(deployRequestOf(release('published', 'app-2.0'), { tag: null, stage: 'dev' })).toMatchObject({
      kind: 'nothing',
    });
  });

  it('lets the input win over the event', () => {
    const inputs = { tag: 'churn@v1.0.0', stage: 'prod' };
    expect(deployRequestOf(push('refs/tags/churn#prod#3'), inputs)).toMatchObject({ version: 'v1.0.0' });
    expect(deployRequestOf(dispatch, { tag: 'churn#prod#3', stage: null })).toMatchObject({
      kind: 'stage-tag',
    });
  });

  it.each([
    [push('refs/heads/main'), none, 'EVENT_INVALID'],
    [push('refs/tags/v2'), none, 'TAG_INVALID'],
    [push('refs/tags/churn#prod#3'), { tag: null, stage: 'dev' }, 'ARGUMENT_INVALID'],
    [release('created', 'churn@v1.4.0'), { tag: null, stage: 'dev' }, 'EVENT_INVALID'],
    [release('published', 'churn@v1.4.0'), none, 'ARGUMENT_INVALID'],
    [dispatch, none, 'ARGUMENT_INVALID'],
    [dispatch, { tag: 'churn', stage: 'prod' }, 'TAG_INVALID'],
    [dispatch, { tag: 'churn@v1.4.0', stage: null }, 'ARGUMENT_INVALID'],
  ])('%j with %j is refused with %s', (event, inputs, code) => {
    expect(() => deployRequestOf(event, inputs)).toThrow(expect.objectContaining({ code }));
  });
});

const tags = [
  { name: 'churn@v1.0.0', commit: 'a'.repeat(40) },
  { name: 'churn@v1.1.0', commit: 'b'.repeat(40) },
  { name: 'churn@v2.0.0', commit: 'c'.repeat(40) },
  { name: 'churn#prod#1', commit: 'a'.repeat(40) },
  { name: 'churn#prod#2', commit: 'd'.repeat(40) },
  { name: 'churn#dev#3', commit: 'b'.repeat(40) },
];
const stageTag = (name: string) => {
  const request = deployRequestOf(push(`refs/tags/${name}`), none);
  if (request.kind === 'nothing') throw new Error(request.why);
  return request;
};
/** d lies above b, and b above a. */
const isBelow = (below: string, commit: string) => Promise.resolve(below < 'c' && commit.startsWith('d'));
async function refusal(name: string, known = tags): Promise<string> {
  try {
    return (await findTarget(stageTag(name), known, isBelow)).name;
  } catch (error) {
    return error instanceof UserError ? `${error.code}: ${error.message}. ${error.fix}` : String(error);
  }
}

describe('findTarget', () => {
  it('finds the version under a stage tag', async () => {
    const found = await findTarget(stageTag('churn#prod#1'), tags, isBelow);
    expect(found).toMatchObject({ name: 'churn@v1.0.0', stage: 'prod', counter: 1 });
  });

  it('names the newest version below a commit without one', async () => {
    expect(await refusal('churn#prod#2')).toBe(
      'TAG_INVALID: churn#prod#2 stands on ddddddd, where no version of churn stands. ' +
        'The nearest version is churn@v1.1.0: model-factory tag churn@v1.1.0 prod --push.',
    );
  });

  it('says so where the model has no version, or the tag is gone', async () => {
    const stray = [{ name: 'other#prod#1', commit: 'd'.repeat(40) }];
    expect(await refusal('other#prod#1', stray)).toContain('other has no version yet');
    expect(await refusal('churn#prod#9')).toContain('the tag churn#prod#9 is gone');
  });

  it('suggests a version for one that does not exist', async () => {
    const request = deployRequestOf(dispatch, { tag: 'churn@v1.1.1', stage: 'prod' });
    if (request.kind === 'nothing') throw new Error(request.why);
    await expect(findTarget(request, tags, isBelow)).rejects.toMatchObject({
      code: 'VERSION_UNKNOWN',
      fix: expect.stringContaining('Did you mean churn@v1.1.0?'),
    });
  });
});

describe('newerTag', () => {
  it('counts only tags of the same stage that name a version', async () => {
    const first = await findTarget(stageTag('churn#prod#1'), tags, isBelow);
    expect(newerTag(tags, first)).toBeNull();
    const more = [...tags, { name: 'churn#prod#4', commit: 'b'.repeat(40) }];
    expect(newerTag(more, first)?.tag.name).toBe('churn#prod#4');
    expect(newerTag(more, { ...first, counter: null })).toBeNull();
  });
});
