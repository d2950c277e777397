import { createHash } from 'node:crypto';
import { streamFile } from './files.ts';

/** SHA-256 of a file in hexadecimal digits. */
export async function fileDigest(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of streamFile(path)) hash.update(chunk);
  return hash.digest('hex');
}
