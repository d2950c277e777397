/**
 * Packs what users install: `dist`, schemas, README and licence under a package.json without anything that only
 * development needs, so that the package has no dependency at all.
 * @example npm run pack -- FOLDER
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const root = fileURLToPath(new URL('..', import.meta.url));
const destination = resolve(process.argv[2] ?? '.');
const stage = mkdtempSync(join(tmpdir(), 'model-factory-pack-'));

const manifest = z
  .record(z.string(), z.json())
  .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
const development = ['devDependencies', 'optionalDependencies', 'overrides', 'scripts'];
const published = Object.fromEntries(Object.entries(manifest).filter(([key]) => !development.includes(key)));

for (const name of ['dist', 'schema', 'README.md', 'LICENSE', 'CHANGELOG.md'])
  cpSync(join(root, name), join(stage, name), { recursive: true });
writeFileSync(join(stage, 'package.json'), `${JSON.stringify(published, null, 2)}\n`);
mkdirSync(destination, { recursive: true });
execFileSync('npm', ['pack', '--silent', '--pack-destination', destination], {
  cwd: stage,
  stdio: 'inherit',
});
rmSync(stage, { recursive: true });
