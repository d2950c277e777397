import { orNull, type GitHub } from './client.ts';

/** Text of a file at a commit or branch; null where there is none. `path` counts from the root of the repository. */
export async function readText(github: GitHub, path: string, ref: string): Promise<string | null> {
  const purpose = { what: `read ${path}`, permission: 'contents: read' };
  const found = await orNull(() =>
    github.repeat(purpose, ({ rest }) => rest.repos.getContent({ ...github.place, path, ref })),
  );
  if (found === null || Array.isArray(found) || found.type !== 'file') return null;
  return 'content' in found ? Buffer.from(found.content, 'base64').toString() : null;
}
