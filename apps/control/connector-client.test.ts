// Questions to a connector's service: whatever it does, there is an answer or a problem.
import { afterEach, describe, expect, it } from '@jest/globals';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConnectorClient } from './connector-client.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function clientOf(answer: (response: ServerResponse, body: string, path: string) => void) {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => answer(response, body, request.url ?? ''));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return new ConnectorClient({ CONNECTOR_URL: `http://127.0.0.1:${port}`, CONNECTOR_URLS: {} });
}

const notThere = { problem: { param: 'connection', msg: 'the connector slack does not answer now' } };
const question = { connection: 'c1', ask: 'choices', name: 'channels' } as const;

describe('a question to a connector', () => {
  it('is asked as it is, and its answer given as it comes', async () => {
    const asked: unknown[] = [];
    const client = await clientOf((response, body, path) => {
      asked.push(path, JSON.parse(body));
      response.end('{"answer":[{"value":"1","label":"one"}]}');
    });
    expect(await client.ask('slack', question)).toEqual({ answer: [{ value: '1', label: 'one' }] });
    expect(asked).toEqual(['/questions', question]);
  });

  it('that the connector cannot put to the vendor has its problem as the answer', async () => {
    const said = { problem: { param: 'connection', msg: 'the credentials do not open' } };
    const client = await clientOf((response) => response.end(JSON.stringify(said)));
    expect(await client.ask('slack', question)).toEqual(said);
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ['that fails', (response) => response.writeHead(500).end('{"answer":1}')],
    ['that speaks no JSON', (response) => response.end('<html>')],
    ['that answers something else', (response) => response.end('{"request":{}}')],
    ['that answers nothing', (response) => response.end('null')],
    ['that hangs up', (response) => response.destroy()],
    ['that answers more than is read', (response) => response.end(`{"answer":"${'x'.repeat(1_000_001)}"}`)],
  ])('is a problem with a service %s', async (_what, answer) => {
    const client = await clientOf(answer);
    expect(await client.ask('slack', question)).toEqual(notThere);
  });

  it('is a problem with a service that is not there', async () => {
    const client = new ConnectorClient({ CONNECTOR_URL: 'http://127.0.0.1:1', CONNECTOR_URLS: {} });
    expect(await client.ask('slack', question)).toEqual(notThere);
  });
});
