/**
 * A report as data. Renderers of markdown and of terminal text read the same blocks, and only they write markup:
 * whatever comes from a user travels as `text` or `code` and can not become anything else.
 */
export type Inline =
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'code'; readonly value: string }
  | { readonly kind: 'strong'; readonly content: readonly Inline[] }
  | { readonly kind: 'link'; readonly label: string; readonly url: string };

/** A string stands for `text`. */
export type Content = string | readonly (string | Inline)[];

export type Alignment = 'left' | 'right' | 'center';
export type AlertKind = 'NOTE' | 'TIP' | 'IMPORTANT' | 'WARNING' | 'CAUTION';

export type Block =
  | { readonly kind: 'heading'; readonly level: 3 | 4; readonly content: readonly Inline[] }
  | { readonly kind: 'paragraph'; readonly content: readonly Inline[] }
  | { readonly kind: 'list'; readonly items: readonly (readonly Inline[])[] }
  | {
      readonly kind: 'table';
      readonly headers: readonly (readonly Inline[])[];
      readonly rows: readonly (readonly (readonly Inline[])[])[];
      readonly alignments: readonly Alignment[];
    }
  | { readonly kind: 'figure'; readonly lines: readonly string[] }
  | { readonly kind: 'details'; readonly summary: readonly Inline[]; readonly body: readonly Block[] }
  | { readonly kind: 'alert'; readonly alert: AlertKind; readonly body: readonly Block[] };

/** Anything that a user, a file or another program wrote; shown as it is, on one line. */
export function text(value: string): Inline {
  return { kind: 'text', value };
}

/** A name, path or value, in a fixed-width face. */
export function code(value: string): Inline {
  return { kind: 'code', value };
}

/** A sentence in which `backticks` mark names and commands. */
export function prose(value: string): Inline[] {
  return value.split(/`([^`]+)`/).flatMap((part, i) => {
    if (part === '') return [];
    return [i % 2 === 0 ? text(part) : code(part)];
  });
}

export function strong(content: Content): Inline {
  return { kind: 'strong', content: inline(content) };
}

/** A link; one that isn't http or https stays plain text. */
export function link(label: string, url: string): Inline {
  return { kind: 'link', label, url };
}

export function heading(level: 3 | 4, content: Content): Block {
  return { kind: 'heading', level, content: inline(content) };
}

export function paragraph(content: Content): Block {
  return { kind: 'paragraph', content: inline(content) };
}

export function list(items: readonly Content[]): Block {
  return { kind: 'list', items: items.map(inline) };
}

/** A table; rows may be shorter than the header, missing alignments are left. */
export function table(
  headers: readonly Content[],
  rows: readonly (readonly Content[])[],
  alignments: readonly Alignment[] = [],
): Block {
  return {
    kind: 'table',
    headers: headers.map(inline),
    rows: rows.map((row) => row.map(inline)),
    alignments,
  };
}

/** Lines in a fixed-width face, such as a chart made of characters. */
export function figure(lines: readonly string[]): Block {
  return { kind: 'figure', lines };
}

/** A part that is folded at first. */
export function details(summary: Content, body: readonly Block[]): Block {
  return { kind: 'details', summary: inline(summary), body };
}

/** GitHub's coloured box. */
export function alert(kind: AlertKind, body: readonly Block[]): Block {
  return { kind: 'alert', alert: kind, body };
}

/** Spans joined by a separator. */
export function joined(parts: readonly Inline[], separator = ', '): Inline[] {
  return parts.flatMap((part, i) => (i === 0 ? [part] : [text(separator), part]));
}

export function inline(content: Content): readonly Inline[] {
  if (typeof content === 'string') return [text(content)];
  return content.map((part) => (typeof part === 'string' ? text(part) : part));
}
