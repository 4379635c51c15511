// Destinations for tests of the HTTP client: real servers on free ports, and the clients that call them; all closed by `closeAll`.
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { OutboundClient, type OutboundOptions, type OutboundRequest } from '../src/client.ts';
import { readAllowList, type OutboundPolicy } from '../src/policy.ts';

const open: (() => Promise<void>)[] = [];
/** Servers are made before their clients, and close first: a client closes only when what it waits for has ended. */
export async function closeAll(): Promise<void> {
  for (const close of open.splice(0)) await close();
}

/** A server on a free port, closed with all its sockets when the test ends. */
async function listening(server: Server) {
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on('connection', (socket: Socket) => {
    connections++;
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      sockets.forEach((socket) => socket.destroy());
    });
  open.push(close);
  return { url: `http://127.0.0.1:${port}/hook?a=1`, port, sockets, close, connections: () => connections };
}

export const http = (answer: RequestListener) => listening(createHttpServer(answer));
/** A destination that speaks no HTTP of its own: `answer` is given each socket once something came in on it. */
export const tcp = (answer: (socket: Socket) => void) =>
  listening(createTcpServer((socket) => void socket.once('data', () => answer(socket))));

/** Allows nothing but what is named. */
export const policy = (allow = '', allowHttp = true): OutboundPolicy => ({ allow: readAllowList(allow), allowHttp });

/** One that may call the destinations of this file. */
export const client = (connections = 4) => clientOf(policy('127.0.0.1'), { connectionsPerOrigin: connections });

export function clientOf(allowed: OutboundPolicy, options: OutboundOptions = { connectionsPerOrigin: 4 }) {
  const made = new OutboundClient(allowed, options);
  open.push(() => made.close());
  return made;
}

export const request = (url: string, over: Partial<OutboundRequest> = {}): OutboundRequest => ({
  method: 'POST',
  url,
  headers: { 'content-type': 'application/json' },
  body: '{"a":1}',
  ...over,
});
