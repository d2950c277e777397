import { describe, expect, it } from '@jest/globals';
import { renderDeployment } from '../../../src/report/deployment.ts';

const about = { model: 'churn', version: 'v1.4.0', stage: 'prod' };

describe('renderDeployment', () => {
  it('tells what is live, and how to go back', () => {
    const facts = [['commit', 'abc']] as const;
    expect(renderDeployment({ ...about, kind: 'deployed', previous: 'v1.3.0', facts }))
      .toMatchInlineSnapshot(`
      "**🚀 churn v1.4.0 is live on prod**; before it was v1.3.0.

      - commit: \`abc\`

      To go back: \`model-factory tag --rollback churn prod --push\`
      "
    `);
  });

  it('offers no way back from the first version', () => {
    const told = renderDeployment({ ...about, kind: 'deployed', previous: null, facts: [] });
    expect(told).toContain('the first version there');
    expect(told).not.toContain('rollback');
  });

  it('tells which tag was newer', () => {
    const told = renderDeployment({ ...about, kind: 'overtaken', previous: null, newer: 'churn#prod#4' });
    expect(told).toMatchInlineSnapshot(`
      "**⏭ churn v1.4.0 was not deployed to prod**\\: the newer tag \`churn#prod#4\` goes there.
      "
    `);
  });

  it('tells why nothing was deployed, and what stays', () => {
    const [code, message, fix] = [
      'DEPLOY_FAILED',
      'the command ended with code 3',
      'Look <b>above</b>.',
    ] as const;
    const told = renderDeployment({ ...about, kind: 'refused', previous: 'v1.3.0', code, message, fix });
    expect(told).toMatchInlineSnapshot(`
      "**❌ churn v1.4.0 was not deployed to prod**; v1.3.0 stays the live version.

      \`DEPLOY_FAILED\`\\: the command ended with code 3. Look &lt;b&gt;above&lt;/b&gt;.
      "
    `);
  });
});
