import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Fault } from './faults.ts';

/** An answer that is ready to be sent. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

export function jsonAnswer(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: Buffer.from(JSON.stringify(body)),
  };
}

export function send(response: ServerResponse, { status, headers, body }: Answer): void {
  const length = body.length > 0 ? { 'content-length': String(body.length) } : {};
  response.writeHead(status, { ...headers, ...length });
  response.end(body);
}

/**
 * Answers a request as a planned fault demands. `carryOut` does the true work; it is called only when the fault
 * lets the request through.
 */
export async function sendFaulty(
  response: ServerResponse,
  fault: Fault | undefined,
  carryOut: () => Promise<Answer>,
): Promise<number> {
  if (fault?.delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
  if (fault?.drop === 'before') return cut(response);
  if (fault?.status !== undefined && fault.committed !== true)
    return sendFault(response, fault, fault.status);
  const answer = await carryOut();
  if (fault?.drop !== undefined) return cut(response);
  if (fault?.status !== undefined) return sendFault(response, fault, fault.status);
  if (fault?.truncate === true) {
    response.writeHead(answer.status, {
      ...answer.headers,
      'content-length': String(answer.body.length + 1),
    });
    response.write(answer.body.subarray(0, answer.body.length >> 1));
    setTimeout(() => response.destroy(), 5);
    return answer.status;
  }
  send(response, answer);
  return answer.status;
}

function cut(response: ServerResponse): number {
  response.socket?.destroy();
  return 0;
}

function sendFault(response: ServerResponse, fault: Fault, status: number): number {
  const body = fault.body ?? { message: `Injected failure ${status}` };
  const plain = typeof body === 'string';
  const type = plain ? 'text/html; charset=utf-8' : 'application/json; charset=utf-8';
  send(response, {
    status,
    headers: { 'content-type': type, ...fault.headers },
    body: Buffer.from(plain ? body : JSON.stringify(body)),
  });
  return status;
}
