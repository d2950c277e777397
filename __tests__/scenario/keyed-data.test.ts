import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { adult, configuration, strong, withKey, without, Workspace } from './workspace.ts';

const timeout = 120_000;
const keyed = configuration(strong).replace('target: income', 'target: income, key: id');

describe('rows with a key', () => {
  let workspace: Workspace;

  beforeAll(() => {
    workspace = new Workspace();
    workspace.commit('Model', { 'people.csv': withKey(adult), 'model-factory.yml': keyed });
    expect(workspace.judge('--promote')).toMatchObject({ conclusion: 'promote' });
  }, timeout);

  afterAll(() => {
    workspace.remove();
  });

  it(
    'keep their side when a column goes; where the champion needs it, its recipe stands in',
    () => {
      const slim = without(withKey(adult), 'capital-gain', 'education-num', 'occupation');
      workspace.git('switch', '--quiet', '--create', 'change');
      workspace.commit('Slim', { 'people.csv': slim });
      expect(workspace.judge('--base', 'main')).toMatchObject({ code: 1, reason: 'worse' });
      const split = { split: { epoch: { number: 1, splitColumns: ['id'] } }, data: { notices: [] } };
      expect(JSON.parse(workspace.read('out/plan.json').toString())).toMatchObject(split);
      expect(workspace.judge('--promote')).toMatchObject({
        conclusion: 'keep',
        champion: { standIn: 'refitted' },
      });
      expect(JSON.parse(workspace.read('out/plan.json').toString())).toMatchObject(split);
    },
    timeout,
  );
});
