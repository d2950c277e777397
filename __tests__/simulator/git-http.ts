import { spawn, execFileSync } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';

/** The parts of a git smart HTTP address. */
export interface GitRequest {
  readonly owner: string;
  readonly repo: string;
  readonly tail: string;
  /** `git/upload-pack` reads, `git/receive-pack` writes. */
  readonly op: 'git/upload-pack' | 'git/receive-pack';
}

const address = /^\/([\w.-]+)\/([\w.-]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/;

/** Reads a git address; null when the request is something else. */
export function gitRequest(url: URL): GitRequest | null {
  const found = address.exec(url.pathname);
  if (found === null) return null;
  const [, owner = '', repo = '', tail = ''] = found;
  const service = tail === 'info/refs' ? url.searchParams.get('service') : tail;
  return { owner, repo, tail, op: service === 'git-receive-pack' ? 'git/receive-pack' : 'git/upload-pack' };
}

let backend: string | undefined;

/** Serves one git request through git's own CGI program. `root` holds `<owner>/<repo>.git`. */
export async function serveGit(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  root: string,
  { owner, repo, tail }: GitRequest,
  login: string,
): Promise<void> {
  backend ??= join(execFileSync('git', ['--exec-path']).toString().trim(), 'git-http-backend');
  const { headers } = request;
  const cgi = spawn(backend, {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: {
      PATH: process.env.PATH,
      HOME: root,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      REMOTE_USER: login,
      REMOTE_ADDR: '127.0.0.1',
      PATH_INFO: `/${owner}/${repo}.git/${tail}`,
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: headers['content-type'] ?? '',
      CONTENT_LENGTH: headers['content-length'] ?? '',
      HTTP_CONTENT_ENCODING: headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(headers['git-protocol'] ?? ''),
    },
  });
  cgi.stdin.on('error', () => undefined);
  request.pipe(cgi.stdin);
  let head: Buffer | null = Buffer.alloc(0);
  for await (const chunk of cgi.stdout) {
    if (head === null) {
      response.write(chunk);
      continue;
    }
    head = Buffer.concat([head, chunk as Buffer]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) continue;
    writeHead(response, head.subarray(0, end).toString());
    response.write(head.subarray(end + 4));
    head = null;
  }
  if (head !== null) response.writeHead(500);
  response.end();
}

/** Translates the header block of a CGI program. */
function writeHead(response: ServerResponse, block: string): void {
  let status = 200;
  const headers: Record<string, string> = {};
  for (const line of block.split('\r\n')) {
    const colon = line.indexOf(':');
    const [name, value] = [line.slice(0, colon), line.slice(colon + 1).trim()];
    if (name.toLowerCase() === 'status') status = parseInt(value, 10);
    else headers[name] = value;
  }
  response.writeHead(status, headers);
}
