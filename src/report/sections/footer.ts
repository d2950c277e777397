import { code, joined, link, paragraph, text, type Inline } from '../document.ts';
import type { ReportInput, Section } from '../input.ts';

/** Where the rest is, and how to get the same on a laptop. */
export function footer({ links, command }: ReportInput): Section[] {
  const places = [
    ...(links.runUrl === null ? [] : [link('run', links.runUrl)]),
    ...(links.artifactUrl === null ? [] : [link('all documents', links.artifactUrl)]),
  ];
  const parts: Inline[] = [
    ...(places.length === 0 ? [] : joined(places, ' · ')),
    ...(command === null
      ? []
      : [text(places.length === 0 ? 'Again: ' : ' · again on a laptop: '), code(command)]),
  ];
  return parts.length === 0 ? [] : [{ title: 'links', priority: 2, blocks: [paragraph(parts)] }];
}
