/**
 * node render.js IN.md OUT.png: markdown the way GitHub shows it (GFM, alerts, folded parts, mermaid) as a picture.
 * Needs Chromium (Debian: apt-get install chromium fonts-noto-color-emoji fonts-dejavu-core); CHROMIUM names another.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Marked } from 'marked';
import markedAlert from 'marked-alert';
import { chromium } from 'playwright-core';

const resolve = createRequire(import.meta.url).resolve;
const css = readFileSync(resolve('github-markdown-css/github-markdown-light.css'), 'utf8');
const mermaid = readFileSync(resolve('mermaid').replace(/[^/]+$/, 'mermaid.min.js'), 'utf8');

/** Renders each `{ markdown, file }` to a PNG, 860 px wide as a comment on GitHub, and returns what was seen. */
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
    for (const { markdown, file } of pages) {
      await page.setContent(htmlOf(markdown));
      await page.waitForFunction("document.title === 'done'", null, { timeout: 20_000 });
      await page.screenshot({ path: file, fullPage: true });
    }
  } finally {
    await browser.close();
  }
}

function htmlOf(markdown) {
  const marked = new Marked({ gfm: true }, markedAlert());
  marked.use({
    renderer: {
      code: ({ text, lang }) =>
        lang === 'mermaid' ? `<pre class="mermaid">${text.replace(/</g, '&lt;')}</pre>` : false,
    },
  });
  const diagrams = markdown.includes('```mermaid');
  const start = `mermaid.initialize({ startOnLoad: false, securityLevel: 'strict' });
    mermaid.run().finally(() => (document.title = 'done'));`;
  return `<!doctype html><meta charset="utf-8">
    <style>${css} body { margin: 24px; background: #fff }
    .markdown-body { max-width: 860px; font-size: 14px; font-family: "DejaVu Sans", sans-serif }</style>
    <article class="markdown-body">${marked.parse(markdown)}</article>
    ${diagrams ? `<script>${mermaid}</script>` : ''}
    <script>${diagrams ? start : "document.title = 'done'"}</script>`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [input, output] = process.argv.slice(2);
  if (!input || !output) throw new Error('usage: node render.js IN.md OUT.png');
  await renderAll([{ markdown: readFileSync(input, 'utf8'), file: output }]);
}
