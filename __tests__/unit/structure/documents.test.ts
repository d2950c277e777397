import { describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { errorCodes } from '../../../src/errors/codes.ts';
import { filesBelow, read, root } from './sources.ts';

const pages = filesBelow('.').filter((file) => file.endsWith('.md') && !file.startsWith('bench/results/'));

/** GitHub's anchor of a heading. */
const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

const anchorsOf = (file: string): string[] =>
  [...read(file).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchor(heading!));

describe.each(pages)('%s', (page) => {
  it('has links that lead somewhere', () => {
    const broken = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, link]) => link!)
      .filter((link) => !/^[a-z]+:/.test(link))
      .filter((link) => {
        const [path, fragment] = link.split('#');
        const file = path ? join(dirname(page), path) : page;
        if (!existsSync(join(root, file))) return true;
        return fragment !== undefined && file.endsWith('.md') && !anchorsOf(file).includes(fragment);
      });
    expect(broken).toEqual([]);
  });
});

describe('README.md', () => {
  it('is at most 200 lines', () => expect(read('README.md').split('\n').length).toBeLessThanOrEqual(201));
});

describe('error codes', () => {
  const sources = filesBelow('src')
    .filter((file) => file !== 'src/errors/codes.ts')
    .map(read)
    .join('\n');

  it.each(Object.keys(errorCodes))('%s is used', (code) => {
    expect(sources).toMatch(new RegExp(`['"\`]${code}['"\`]`));
  });

  it('are all explained, each with the messages that a user sees as headings', () => {
    const sections = read('docs/troubleshooting.md').split(/^### `(?=[A-Z_]+`)/m);
    const silent = Object.keys(errorCodes).filter(
      (code) => !sections.some((section) => section.startsWith(`${code}\``) && section.includes('\n#### `')),
    );
    expect(silent).toEqual([]);
  });
});
