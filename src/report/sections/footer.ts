import { code, joined, link, paragraph, text, type Inline } from '../document.ts';
import type { ReportInput, Section } from '../input.ts';

/** Where the rest is, and how to get the same on a laptop. */
export function footer({ links, verdict }: ReportInput): Section[] {
  const places = [
    ...(links.runUrl === null ? [] : [link('run', links.runUrl)]),
    ...(links.artifactUrl === null ? [] : [link('all documents', links.artifactUrl)]),
  ];
  const again = verdict.run?.again;
  const where = again?.sameQuestion === false ? 'cross-validated again on a laptop' : 'again on a laptop';
  const parts: Inline[] = [
    ...(places.length === 0 ? [] : joined(places, ' · ')),
    ...(again ? [text(places.length === 0 ? 'Again: ' : ` · ${where}: `), code(again.command)] : []),
  ];
  return parts.length === 0 ? [] : [{ title: 'links', priority: 2, blocks: [paragraph(parts)] }];
}
