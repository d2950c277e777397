import type { YAMLParseError } from 'yaml';

/** What a YAML mistake is in plain words, and what to write instead. */
export interface SyntaxAdvice {
  readonly message: string;
  readonly fix: string;
}

type Code = YAMLParseError['code'];

const bracket = (sign: string, opened: string): SyntaxAdvice => ({
  message: `a ${opened} is opened before this place and never closed`,
  fix: `Write the missing ${sign}, or put each key on a line of its own without ${opened} and ${sign}.`,
});

const quoteFix = 'Put the whole value between quotes, e.g. target: "cost: total".';
const keyFix = 'Write a colon and a space behind the key, e.g. target: churned.';

/** By the parser's code, and where one code stands for several mistakes by a word of its message. */
const advice: readonly (readonly [Code, string, SyntaxAdvice])[] = [
  ['BAD_INDENT', 'end with a }', bracket('}', '{')],
  ['BAD_INDENT', 'end with a ]', bracket(']', '[')],
  ['MISSING_CHAR', 'end with a }', bracket('}', '{')],
  ['MISSING_CHAR', 'end with a ]', bracket(']', '[')],
  [
    'BAD_INDENT',
    '',
    {
      message: 'the keys of one block begin in different columns',
      fix: 'Indent this line as far as the keys beside it: two spaces below the line that ends in a colon.',
    },
  ],
  [
    'TAB_AS_INDENT',
    '',
    { message: 'the line is indented with a tab', fix: 'Write spaces instead, two for each level.' },
  ],
  [
    'DUPLICATE_KEY',
    '',
    { message: 'the key stands twice in one block', fix: 'Keep one of the two, or rename it.' },
  ],
  [
    'MISSING_CHAR',
    'quote',
    { message: 'a quote is opened and never closed', fix: 'Write the same quote behind the value.' },
  ],
  ['MISSING_CHAR', 'map values', { message: 'a key has no colon and no value', fix: keyFix }],
  [
    'MULTILINE_IMPLICIT_KEY',
    '',
    { message: 'a line holds text that is neither a key nor a value', fix: keyFix },
  ],
  ['BLOCK_AS_IMPLICIT_KEY', '', { message: 'the value holds a second colon', fix: quoteFix }],
  [
    'BAD_SCALAR_START',
    '',
    {
      message: 'the value begins with a sign that YAML keeps for itself',
      fix: 'Put the value between quotes, e.g. target: "@churned".',
    },
  ],
  [
    'BAD_DQ_ESCAPE',
    '',
    {
      message: 'a backslash between double quotes is followed by a sign that it does not go with',
      fix: "Write the value between single quotes, e.g. source: 'data\\customers.csv'.",
    },
  ],
  [
    'MULTIPLE_DOCS',
    '',
    { message: 'the file holds a second document', fix: 'Remove the line --- and what follows it.' },
  ],
  [
    'UNEXPECTED_TOKEN',
    'end token',
    { message: 'a bracket is closed that was not opened', fix: 'Remove it, or write the one that opens.' },
  ],
  [
    'UNEXPECTED_TOKEN',
    'at node end',
    {
      message: 'text follows a value that had ended',
      fix: "Put the whole value between one pair of quotes, and double a quote inside: 'it''s'.",
    },
  ],
];

const indentedDeeper: SyntaxAdvice = {
  message: 'the next line begins further in than this one, as if it were part of its value',
  fix: 'Begin the keys of one block in the same column.',
};

/**
 * Says a parser's error in plain words; an unknown one keeps the parser's own. `rest` is what stands in the line from
 * the place of the error on.
 */
export function syntaxAdvice(code: Code, message: string, rest: string): SyntaxAdvice {
  if (code === 'BLOCK_AS_IMPLICIT_KEY' && !/:(\s|$)/.test(rest)) return indentedDeeper;
  const found = advice.find(([known, word]) => known === code && message.includes(word));
  return (
    found?.[2] ?? {
      message,
      fix: 'Write a key, a colon, a space and its value on each line, keys of one block in the same column.',
    }
  );
}
