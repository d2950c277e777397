import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';

/** HTML as a GFM parser makes it; raw HTML stays in, so that nothing dangerous is hidden. */
export function htmlOf(markdown: string): string {
  return micromark(markdown, {
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
    allowDangerousHtml: true,
    allowDangerousProtocol: true,
  });
}

/** Names of the elements in the HTML, each once, in order of appearance. */
export function elementsOf(html: string): string[] {
  return [
    ...new Set([...html.matchAll(/<([a-z][a-z0-9]*)/gi)].map(([, name]) => (name ?? '').toLowerCase())),
  ];
}

/** What a reader sees, without the invisible breaks that the escaper puts in; all spaces alike. */
export function visibleText(html: string): string {
  return html
    .replace(/<[^>]*>/g, '')
    .replace(/&quot;/g, '"')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&')
    .replace(/\u200B/g, '')
    .replace(/\u00A0/g, ' ');
}

/** What GitHub itself turns into a link or picture in the text of a page, outside of code. */
export const githubReference =
  /(?:^|\W)@[a-z0-9]|(?:^|[^\p{L}\p{N}_])#\d|\bGH-\d|:\/\/|www\.\S|:[\w+-]+:|\S@[a-z0-9]/iu;
