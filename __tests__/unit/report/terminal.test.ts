import { describe, expect, it } from '@jest/globals';
import {
  alert,
  code,
  details,
  heading,
  link,
  list,
  paragraph,
  table,
  text,
} from '../../../src/report/document.ts';
import { displayWidth } from '../../../src/report/plain.ts';
import { buildReport, type Section } from '../../../src/report/report.ts';
import { renderText } from '../../../src/report/terminal.ts';
import { cases } from '../../fixtures/report/cases.ts';

const section = (...blocks: Section['blocks']): Section => ({ title: 'x', priority: 0, blocks });

describe('renderText', () => {
  it('aligns tables by what a terminal shows, and wraps the last column', () => {
    const block = table(
      ['Candidate', 'gain', 'why'],
      [
        ['✅ 漢字', '+1', 'one two three four five six'],
        ['net', '−10', 'x'],
      ],
      ['left', 'right'],
    );
    expect(renderText([section(block)], 40)).toBe(
      [
        'Candidate  gain  why',
        '─────────  ────  ────────────────────────',
        '✅ 漢字      +1  one two three four five',
        '                 six',
        'net         −10  x',
        '',
      ].join('\n'),
    );
  });

  it('writes no markup, names folded parts and removes what a terminal would obey', () => {
    const shown = renderText([
      section(
        heading(3, 'Verdict'),
        paragraph([text('\u001b[31mred\u001b[0m '), code('a|b'), ' ', link('run', 'https://e.example/1')]),
        list(['one', 'two']),
        details(['Parameters'], [paragraph('folded')]),
        alert('WARNING', [paragraph('careful')]),
      ),
    ]);
    expect(shown).toBe(
      [
        'Verdict\n═══════',
        '[31mred[0m a|b run https://e.example/1',
        '- one\n- two',
        '! WARNING\n| careful',
        'In report.md: Parameters.\n',
      ].join('\n\n'),
    );
  });

  it.each(Object.keys(cases))('keeps %s within the columns, but for what can not be broken', (name) => {
    const lines = renderText(buildReport(cases[name]!), 100).split('\n');
    expect(lines.filter((line) => displayWidth(line) > 100 && !line.includes('https://'))).toEqual([]);
  });
});
