import { describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { filesBelow, read, root } from './sources.ts';

const actionFile = z.object({
  description: z.string().max(125),
  inputs: z.record(z.string(), z.object({ description: z.string().min(1) })).default({}),
  outputs: z.record(z.string(), z.object({ description: z.string().min(1) })).default({}),
  runs: z.object({ using: z.string(), main: z.string() }),
});

const files = filesBelow('.');
const actions = files.filter((file) => /^([a-z]+\/)?action\.yml$/.test(file));
const workflows = files.filter((file) => /(^|\/)\.github\/workflows\/[^/]+\.ya?ml$/.test(file));
const markdown = files.filter((file) => file.endsWith('.md'));

describe.each(actions)('%s', (file) => {
  const folder = dirname(file);
  const name = folder === '.' ? 'factory' : folder;
  const { runs, inputs } = actionFile.parse(parse(read(file)));

  it('runs its own stub on Node 24', () => {
    expect(runs.using).toBe('node24');
    expect(join(folder, runs.main)).toBe(`dist/${name}.js`);
  });

  it('has its code in src/actions', () => expect(existsSync(join(root, 'src/actions', name))).toBe(true));

  it('reads every input that it declares', () => {
    const code = ['src/actions/inputs.ts', ...filesBelow(`src/actions/${name}`)].map(read).join('\n');
    expect(Object.keys(inputs).filter((input) => !code.includes(`'${input}'`))).toEqual([]);
  });

  it('has a README with its inputs', () => {
    const readme = read(join(folder, 'README.md'));
    for (const input of Object.keys(inputs)) expect(readme).toContain(`| \`${input}\` |`);
  });
});

describe('workflows and examples', () => {
  const pinned = /^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/;
  const own = /^(OWNER\/model-factory(\/[a-z]+)?@v1|\.\/.*)$/;
  const uses = [...workflows, ...markdown].flatMap((file) =>
    [...read(file).matchAll(/^\s*(?:- )?uses:\s*['"]?([^\s'"#]+)/gm)].map(([, action]) => [file, action!]),
  );

  it('pin every action of others to a commit', () => {
    expect(uses.length).toBeGreaterThan(10);
    expect(uses.filter(([, action]) => !pinned.test(action!) && !own.test(action!))).toEqual([]);
  });

  it.each(workflows)('%s grants nothing by default and trusts no pull request', (file) => {
    const text = read(file);
    expect(text).not.toContain('pull_request_target');
    expect(parse(text)).toMatchObject({ permissions: {} });
  });

  it('name only actions that exist', () => {
    const named = uses.flatMap(([file, action]) => {
      const folder = /^OWNER\/model-factory\/([a-z]+)@/.exec(action!)?.[1];
      return folder === undefined || actions.includes(`${folder}/action.yml`) ? [] : [`${file}: ${action}`];
    });
    expect(named).toEqual([]);
  });
});
