import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { codeBlocks, faultOf } from './code-blocks.ts';
import { filesBelow, root } from './sources.ts';

const pages = filesBelow('.').filter((file) => file.endsWith('.md') && !file.startsWith('bench/results/'));
const blocks = pages.flatMap(codeBlocks);
const actionlint = join(root, '.tools', 'bin', 'actionlint');

describe('the code blocks of the pages', () => {
  it.each(blocks.map((block) => [`${block.page}:${block.line}`, block] as const))('%s', (_, block) => {
    expect(faultOf(block)).toBeNull();
  });

  it('are there', () => expect(blocks.length).toBeGreaterThan(15));

  it('that are whole workflows pass actionlint', () => {
    if (!existsSync(actionlint) && !process.env.CI) return;
    const workflows = blocks.filter(
      ({ language, text }) => language === 'yaml' && /^on:[^]*^jobs:/m.test(text),
    );
    expect(workflows.length).toBeGreaterThan(0);
    for (const { text } of workflows) {
      const input = /^on:/m.test(text) ? text : `on: push\n${text}`;
      expect(execFileSync(actionlint, ['-'], { input, encoding: 'utf8' })).toBe('');
    }
  });
});

describe('a block is refused', () => {
  const block = (language: string, text: string) => {
    const [name = '', source = ''] = language.split(' ');
    return faultOf({ page: 'page.md', line: 1, language: name, source, text });
  };

  it.each([
    ['', 'anything', 'the language "" is none of'],
    ['ts', 'const a = 1;', 'names the file that it quotes'],
    ['ts src/none.ts', 'const a = 1;', 'there is no src/none.ts'],
    ['ts src/training/engine.ts', 'export const trainingEngine = 0;', 'does not hold these lines'],
    ['ts src/training/engine.ts', 'trainingEngine', 'does not hold these lines'],
    ['sh', 'npm run nonsense', 'package.json has no script nonsense'],
    ['sh', 'npx model-factory fly', 'has no verb fly'],
    ['sh', 'model-factory run --sonfig x', 'Did you mean --config?'],
    ['sh', 'npm ci && rm -rf x', 'nobody knows the program rm'],
    ['json', '{', 'JSON'],
    ['yaml', 'gate: { metrik: log_loss }', 'Did you mean "metric"'],
    ['yaml', '- uses: OWNER/model-factory/gate@v1\n  with: { plan: 1 }', 'gate/action.yml has no input plan'],
    ['yaml', '- uses: OWNER/model-factory/gate@v1', 'needs plan-artifact-id'],
    ['yaml', 'version: 2\nupdates: []\nmore: 1', 'Unrecognized key'],
  ])('%s %s', (language, text, fault) => {
    expect(block(language, text)).toContain(fault);
  });
});
