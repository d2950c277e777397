import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import {
  defaultUses,
  workflowForms,
  workflowText,
  type WorkflowChoices,
} from '../../../../src/factory/init/workflow-text.ts';
import { read } from '../../structure/sources.ts';

const usual: WorkflowChoices = {
  form: 'one-job',
  ...defaultUses,
  defaultBranch: 'main',
  folder: null,
  concurrencyGroup: 'model-factory',
};

describe('workflowText', () => {
  it('is the workflow of the README', () => {
    const written = `# .github/workflows/model-factory.yml\n${workflowText(usual)}\`\`\``;
    expect(read('README.md')).toContain(written);
  });

  it('is the workflow of the example', () => {
    const example = read('examples/next-best-action/.github/workflows/model-factory.yml');
    expect(workflowText({ ...usual, form: 'matrix' })).toBe(example);
  });

  it.each(workflowForms)('%s: names branch, action, folder and group wherever they belong', (form) => {
    const commit = '0123456789abcdef0123456789abcdef01234567';
    const text = workflowText({
      ...{ form, action: 'acme/model-factory', ref: commit },
      ...{
        defaultBranch: 'release/1.0',
        folder: 'models/Crème brûlée',
        concurrencyGroup: 'model-factory-dessert',
      },
    });
    const { on, jobs } = parse(text) as {
      on: { push: { branches: string[] } };
      jobs: Record<string, { concurrency?: { group: string }; steps: { uses: string; with?: object }[] }>;
    };
    expect(on.push.branches).toEqual(['release/1.0']);
    expect(jobs['factory']?.concurrency?.group).toBe('model-factory-dessert');
    const own = Object.values(jobs).flatMap(({ steps }) =>
      steps.filter(({ uses }) => uses.startsWith('acme/')),
    );
    expect(own.length).toBe(form === 'matrix' ? 6 : 2);
    for (const step of own) {
      expect(step.uses).toMatch(new RegExp(`^acme/model-factory(/[a-z]+)?@${commit}$`));
      expect(step.with).toMatchObject({ 'working-directory': 'models/Crème brûlée' });
    }
    expect(text).not.toContain('OWNER');
  });
});
