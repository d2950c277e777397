/**
 * node render.js IN.md OUT.png [light|dark]: markdown the way GitHub shows it (GFM, alerts, folded parts, mermaid) as a picture.
 * Needs Chromium (Debian: apt-get install chromium fonts-noto-color-emoji fonts-dejavu-core); CHROMIUM names another.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Marked } from 'marked';
import markedAlert from 'marked-alert';
import { chromium } from 'playwright-core';

const resolve = createRequire(import.meta.url).resolve;
const css = (scheme) => readFileSync(resolve(`github-markdown-css/github-markdown-${scheme}.css`), 'utf8');
const backgrounds = { light: '#fff', dark: '#0d1117' };
const mermaid = readFileSync(resolve('mermaid').replace(/[^/]+$/, 'mermaid.min.js'), 'utf8');

/** Renders each `{ markdown, file, scheme }` to a PNG, 860 px wide as a comment on GitHub; scheme `light` or `dark`. */
export async function renderAll(pages) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 910, height: 400 } });
    await page.route('**/*', (route) =>
      route.request().url().startsWith('http') ? route.abort() : route.continue(),
    );
    for (const { markdown, file, scheme = 'light' } of pages) {
      await page.setContent(htmlOf(markdown, scheme));
      await page.waitForFunction("document.title === 'done'", null, { timeout: 20_000 });
      await page.screenshot({ path: file, fullPage: true });
    }
  } finally {
    await browser.close();
  }
}

function htmlOf(markdown, scheme) {
  const marked = new Marked({ gfm: true }, markedAlert());
  marked.use({
    renderer: {
      code: ({ text, lang }) =>
        lang === 'mermaid' ? `<pre class="mermaid">${text.replace(/</g, '&lt;')}</pre>` : false,
    },
  });
  const diagrams = markdown.includes('```mermaid');
  const start = `mermaid.initialize({ startOnLoad: false, securityLevel: 'strict', theme: '${scheme === 'dark' ? 'dark' : 'default'}' });
    mermaid.run().finally(() => (document.title = 'done'));`;
  return `<!doctype html><meta charset="utf-8">
    <style>${css(scheme)} body { margin: 24px; background: ${backgrounds[scheme]} }
    .markdown-body { max-width: 860px; font-size: 14px; font-family: "DejaVu Sans", sans-serif }</style>
    <article class="markdown-body">${marked.parse(markdown)}</article>
    ${diagrams ? `<script>${mermaid}</script>` : ''}
    <script>${diagrams ? start : "document.title = 'done'"}</script>`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [input, output, scheme] = process.argv.slice(2);
  if (!input || !output) throw new Error('usage: node render.js IN.md OUT.png [light|dark]');
  await renderAll([{ markdown: readFileSync(input, 'utf8'), file: output, scheme }]);
}
