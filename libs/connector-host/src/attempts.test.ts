// How many requests a connector makes at a time: as its vendor counts them where deliveries share some, else as its lanes say.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { byStatus, defineConnector, type Batch, type Connector } from '@sluice/connector-kit';
import { defaultPolicy } from '@sluice/contracts';
import { startServerSpan } from '@sluice/telemetry';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connector, delivery, type Metadata } from '../testing/attempted.ts';
import type { AccessTokens } from './access-tokens.ts';
import { Attempts } from './attempts.ts';
import { configShape, type Config } from './config.ts';
import { Connections } from './connections.ts';

/** Requests that are not answered yet. */
const open: ServerResponse[] = [];
const server = createServer((request, response) => {
  request.resume().on('end', () => open.push(response));
});
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const { send } = connector.actions;
if (!send) throw new Error('the connector has no such action');

const batch: Batch<Metadata, never, never> = {
  max: 5,
  maxBytes: 1_000_000,
  build: ([first]) => send.build(first as NonNullable<typeof first>),
  read: (response, calls, nowMs) => calls.map(() => byStatus(response, nowMs)),
};
const together: Connector<Metadata> = defineConnector({
  ...connector,
  limits: { concurrency: 2 },
  actions: { send: { ...send, batch } },
});

function attemptsOf(of: Connector<Metadata>): Attempts<Metadata> {
  const connections = new Connections('test', {} as never, () => undefined);
  const [feed] = connections.feeds();
  const { connection_id: id, workspace: workspace_id } = delivery();
  const settings = JSON.stringify({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  const known = { id, workspace_id, version: 5, active: true, policy: defaultPolicy, connector: 'test', settings };
  feed?.apply(id, { ...known, sealed_credentials: null });
  const needed = { OUTBOUND_ALLOW: true, OUTBOUND_ALLOW_HTTP: true, PROCESS_CONCURRENCY: true } as const;
  const config = configShape.pick(needed).parse({ OUTBOUND_ALLOW: '127.0.0.1' }) as Config;
  const accessTokens = { of: () => ({ access: undefined }) } as unknown as AccessTokens;
  return new Attempts({ connector: of, connections, accessTokens }, config);
}

/** Makes twenty attempts at once, and answers all open requests again and again. Returns how many there were each time. */
async function requestsOf(attempts: Attempts<Metadata>): Promise<number[]> {
  const atATime: number[] = [];
  const answering = setInterval(() => {
    if (open.length > 0) atATime.push(open.length);
    for (const response of open.splice(0)) response.end();
  }, 50);
  const asked = { trace: startServerSpan('POST', {}).context, signal: new AbortController().signal };
  const all = Array.from({ length: 20 }, (_, n) => attempts.run({ ...asked, delivery: delivery({ id: `d${n}` }) }));
  const outcomes = await Promise.all(all).finally(() => clearInterval(answering));
  expect(outcomes.map(({ error, result }) => error ?? result)).toEqual(Array(20).fill('delivered'));
  return atATime;
}

it('counts requests where deliveries share them, so that all deliveries in hand can be gathered', async () => {
  const attempts = attemptsOf(together);
  expect(attempts.hasBatches).toBe(true);
  const atATime = await requestsOf(attempts);
  expect(Math.max(...atATime)).toBe(2);
  expect(atATime.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(10);
});

it('bounds nothing where each delivery has a request of its own: lanes do', async () => {
  const attempts = attemptsOf({ ...connector, limits: { concurrency: 2 } });
  expect(attempts.hasBatches).toBe(false);
  expect((await requestsOf(attempts))[0]).toBeGreaterThan(2);
});
