import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';

/** An HTTP proxy of a company: `CONNECT` to any host ends at one port of this machine. */
export interface Proxy {
  readonly url: string;
  /** Hosts asked for, in order. */
  readonly hosts: readonly string[];
  close(): Promise<void>;
}

/** Starts a proxy that leads every host to `port`. */
export async function startProxy(port: number): Promise<Proxy> {
  const hosts: string[] = [];
  const server = createServer((_, response) => response.writeHead(405).end());
  server.on('connect', (request, client) => {
    hosts.push(request.url ?? '');
    const upstream = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.pipe(client);
      client.pipe(upstream);
    });
    for (const socket of [client, upstream])
      socket.on('error', () => [client, upstream].map((one) => one.destroy()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hosts,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
