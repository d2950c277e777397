import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  alert,
  code,
  details,
  figure,
  link,
  list,
  paragraph,
  strong,
  table,
  text,
} from '../../../src/report/document.ts';
import { escapeCode, escapeText, renderBlocks } from '../../../src/report/markdown.ts';
import { plain } from '../../../src/report/plain.ts';
import { elementsOf, githubReference, htmlOf, visibleText } from './gfm.ts';

const nasty = [
  ...[
    '|',
    '\\',
    '`',
    '``',
    '```',
    '<',
    '>',
    '&',
    '[',
    ']',
    '(',
    ')',
    '!',
    '*',
    '**',
    '_',
    '~',
    '~~',
    '#',
    '@',
    ':',
    '$',
  ],
  ...[
    '-',
    '+',
    '=',
    '1.',
    '2)',
    '\n',
    '\n\n',
    '\r',
    '\t',
    '    ',
    ' ',
    '"',
    "'",
    '^',
    '{',
    '}',
    '%',
    '.',
    '/',
    ',',
  ],
  ...[
    'https://evil.example/x?a=b',
    'http://',
    'www.evil.example',
    'ftp://a.b',
    'mailto:a@b.cd',
    'xmpp:a@b.cd/e',
  ],
  ...['@octocat', '@org/team', 'a@b.example', '#12', 'GH-12', 'owner/repo#1', ':rocket:', '$x^2$', '$`x`$'],
  ...[
    '<img src=x onerror=alert(1)>',
    '<!--',
    '-->',
    '<a href="//x">',
    '</td></details>',
    '<script>',
    '<?x?>',
    '<![CDATA[',
  ],
  ...[
    '![x](https://e.example/p.png)',
    '[x](javascript:alert(1))',
    '[x]: /url',
    '[^1]',
    '[^1]: note',
    '- [ ] task',
    '&#64;octocat',
    '&lt;b&gt;',
  ],
  ...[
    '\u202Egnp.exe',
    '\u200B',
    '\u2060',
    '\uFEFF',
    '\u{E0041}',
    '\uD800',
    '\uDC00',
    '\u0000',
    '\u0007',
    '\u2028',
    '\u00A0',
  ],
  ...[
    'é',
    '漢字',
    '🤖',
    'e\u0301',
    'word',
    'age',
    'job=admin.',
    'a\\|b',
    '0.25',
    '-1',
    '> quote',
    '# title',
    '---',
    '***',
    '| a | b |',
    ':--',
  ],
];
const hostile = fc.oneof(
  fc.array(fc.constantFrom(...nasty), { maxLength: 8 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: fc.constantFrom(...Array.from('|`<>&[]()!*_~#@:\\$w.-h/ \nab1')), maxLength: 40 }),
);
/** What a reader should see of a user's text. */
const shown = (value: string, limit = 1000) =>
  plain(value, limit)
    .replace(/\u00A0/g, ' ')
    .trim();
const runs = { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 300) };

describe('a span that a user wrote', () => {
  it('as text in a paragraph, list or table is that text and nothing else', () => {
    fc.assert(
      fc.property(hostile, hostile, (first, second) => {
        const places = [
          [paragraph([text(first)]), ['p']],
          [list([[text(first)]]), ['ul', 'li']],
          [table([[text(first)], 'b'], [[[text(second)]]]), ['table', 'thead', 'tr', 'th', 'tbody', 'td']],
        ] as const;
        for (const [block, elements] of places) {
          const html = htmlOf(renderBlocks([block]));
          const allowed = new Set<string>(elements);
          expect(elementsOf(html).filter((name) => !allowed.has(name))).toEqual([]);
          expect(html.replace(/<[^>]*>/g, '')).not.toMatch(githubReference);
        }
        expect(visibleText(htmlOf(renderBlocks([paragraph([text(first)])]))).trim()).toBe(shown(first));
      }),
      runs,
    );
  });

  it('as code is one code span with exactly that text, in a table too', () => {
    fc.assert(
      fc.property(hostile, (value) => {
        fc.pre(plain(value) !== '');
        const single = htmlOf(renderBlocks([paragraph([code(value)])]));
        expect(elementsOf(single)).toEqual(['p', 'code']);
        expect(visibleText(single)).toBe(shown(value));
        const html = htmlOf(renderBlocks([table(['a', 'b'], [[[code(value)], 'end']])]));
        expect(elementsOf(html)).toEqual(['table', 'thead', 'tr', 'th', 'tbody', 'td', 'code']);
        expect(visibleText(/<td[^>]*><code>([^]*?)<\/code><\/td>/.exec(html)?.[1] ?? '')).toBe(
          shown(value, 240),
        );
      }),
      runs,
    );
  });

  it('next to other spans keeps each of them what it is', () => {
    fc.assert(
      fc.property(hostile, hostile, hostile, (a, b, c) => {
        const html = htmlOf(renderBlocks([paragraph(['x ', strong([text(a)]), ' ', code(b), ' ', text(c)])]));
        expect(elementsOf(html).filter((name) => !['p', 'strong', 'code'].includes(name))).toEqual([]);
      }),
      runs,
    );
  });

  it('can not leave a folded part or an alert', () => {
    fc.assert(
      fc.property(hostile, hostile, (title, body) => {
        const html = htmlOf(renderBlocks([details([text(title)], [paragraph(['x', text(body)])])]));
        expect(elementsOf(html)).toEqual(['details', 'summary', 'p']);
        const boxed = htmlOf(renderBlocks([alert('WARNING', [paragraph([text(body)])])]));
        expect(elementsOf(boxed)).toEqual(['blockquote', 'p']);
      }),
      runs,
    );
  });
});

describe('markdown', () => {
  it('escapes to something a person can still read', () => {
    expect(escapeText('job=admin. | <b> log_loss @me #1')).toBe(
      'job=admin. \\| &lt;b&gt; log\\_loss @\u200Bme #\u200B1',
    );
    expect(escapeCode('a|b', { inTable: true })).toBe('`a\\|b`');
    expect(escapeCode('`')).toBe('`` ` ``');
  });

  it('cuts long cells between characters', () => {
    const cell = renderBlocks([table(['a'], [['🤖'.repeat(400)]])]).split('\n')[2];
    expect(cell).toBe(`| ${'🤖'.repeat(239)}… |`);
  });

  it('links only to http and https', () => {
    expect(renderBlocks([paragraph([link('run', 'https://github.com/a/b/actions/runs/1')])])).toBe(
      '[run](https://github.com/a/b/actions/runs/1)',
    );
    expect(renderBlocks([paragraph([link('run', 'javascript:alert(1)')])])).toBe('run');
    expect(renderBlocks([paragraph([link('run', 'https://e.example/)![x](y')])])).toBe(
      '[run](https://e.example/%29!%5bx%5d%28y)',
    );
  });

  it('writes aligned tables, boxes and figures', () => {
    const blocks = [
      table(['a', 'b'], [['1'], ['2', '3', '4']], ['left', 'right']),
      alert('NOTE', [paragraph('one'), list(['two', 'three'])]),
      figure(['├──●──┤', '```']),
    ];
    expect(renderBlocks(blocks)).toBe(
      [
        '| a | b |\n| :-- | --: |\n| 1 |  |\n| 2 | 3 |',
        '> [!NOTE]\n> one\n>\n> - two\n> - three',
        '````text\n├──●──┤\n```\n````',
      ].join('\n\n'),
    );
  });
});
