// What must not be called is not called: proved by listening for connections, through the client that makes all our calls.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { connectionAttempts } from '../testing/connection-attempts.ts';
import { client, clientOf, closeAll, http, policy, request } from '../testing/destinations.ts';
import { forbiddenAnswers, forbiddenUrls } from '../testing/forbidden-urls.ts';
import type { Exchange } from './exchange.ts';
import { guardedConnector, urlProblem, type Resolve } from './guard.ts';

let heard = connectionAttempts();
beforeEach(() => {
  heard.stop();
  heard = connectionAttempts();
});
afterEach(closeAll);

const refusal = { kind: 'failure', timing: { connectMs: null, ttfbMs: null } };
const answered = (addresses: readonly string[]): ReturnType<Resolve> =>
  Promise.resolve(addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));
const resolvingTo = (...addresses: string[]) => ({ connectionsPerOrigin: 4, resolve: () => answered(addresses) });

describe('a URL that leads where nobody may call', () => {
  it('is one of more than 200', () => {
    expect(new Set(Object.values(forbiddenUrls).flat()).size + forbiddenAnswers.length).toBeGreaterThan(300);
  });

  it.each(Object.keys(forbiddenUrls))('is refused before a connection is tried: %s', async (what) => {
    const { port, url, connections } = await http((_incoming, answer) => answer.end('canary'));
    const codes = what === 'what is no URL' ? ['url_unreadable'] : ['address_forbidden'];
    const guarded = clientOf(policy());
    for (const form of forbiddenUrls[what] ?? []) {
      const plain = form.replaceAll('{port}', String(port));
      for (const called of [plain, plain.replace(/^http:/i, 'https:')]) {
        const exchange = await guarded.send(request(called), 2_000);
        expect([called, exchange]).toMatchObject([called, { ...refusal, layer: 'internal' }]);
        expect(codes).toContain(exchange.kind === 'failure' && exchange.code);
      }
    }
    // The server and the listener would have noticed: they notice this.
    expect([connections(), heard.addresses]).toEqual([0, []]);
    expect(await client().send(request(url), 2_000)).toMatchObject({ kind: 'answer' });
    expect([connections(), heard.addresses]).toEqual([1, ['127.0.0.1']]);
  });

  it.each([
    'https://example.com/a?b#c',
    'https://example.com:8443/',
    'http://example.com.:80/',
    'http://8.8.8.8:8080/',
  ])('is not this one: %s', (url) => expect(urlProblem(url, policy())).toBeUndefined());

  it.each([
    'https://[2606:4700::1111]/',
    'https://bücher.example/',
    'https://internal.example.com/',
    'https://ten.10.com/',
  ])('is not this one either: %s', (url) => expect(urlProblem(url, policy())).toBeUndefined());

  it('is one of http:// where only https:// is called', () => {
    const only = policy('', false);
    expect(urlProblem('http://example.com/', only)?.message).toBe('the URL must begin with https://');
    expect(urlProblem('https://example.com/', only)).toBeUndefined();
  });
});

describe('a name', () => {
  it.each(forbiddenAnswers)('is not called when it resolves to %s %s %s %s', async (...addresses) => {
    const { port, connections } = await http((_incoming, answer) => answer.end('canary'));
    const guarded = clientOf(policy(), resolvingTo(...addresses));
    for (const scheme of ['http', 'https']) {
      const exchange = await guarded.send(request(`${scheme}://harmless.example.com:${port}/`), 2_000);
      expect(exchange).toMatchObject({ ...refusal, code: 'address_forbidden' });
    }
    expect([connections(), heard.addresses]).toEqual([0, []]);
  });

  it('tells nobody what it resolves to', async () => {
    const exchange = await clientOf(policy(), resolvingTo('10.1.2.3')).send(request('https://a.example.com/'), 2_000);
    expect(JSON.stringify(exchange)).not.toContain('10.1');
  });

  it('that does not resolve is no matter of what is forbidden', async () => {
    const resolve = () => Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }));
    const exchange = await clientOf(policy(), { connectionsPerOrigin: 1, resolve }).send(
      request('https://a.example.com/'),
      500,
    );
    expect(exchange).toMatchObject({ ...refusal, layer: 'dns', code: 'dns_failed' });
  });

  it('that resolves otherwise each time is called only where it was judged', async () => {
    const { port } = await http((_incoming, answer) => answer.writeHead(200, { connection: 'close' }).end());
    const address = fc.constantFrom(
      '127.0.0.1',
      '127.0.0.1',
      '127.0.0.1',
      '127.0.0.2',
      '10.0.0.1',
      '169.254.169.254',
      '::1',
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(address, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 }),
        async (answers) => {
          let asked = 0;
          const resolve = () => answered(answers[asked++] ?? []);
          const guarded = clientOf(policy('127.0.0.1'), { connectionsPerOrigin: 1, resolve });
          for (const addresses of answers) {
            const exchange = await guarded.send(request(`http://flips.example.com:${port}/`), 2_000);
            const kind: Exchange['kind'] = addresses.every((one) => one === '127.0.0.1') ? 'answer' : 'failure';
            expect([addresses, exchange.kind]).toEqual([addresses, kind]);
          }
          // One look-up for each connection: there is no second one to answer otherwise.
          expect(asked).toBe(answers.length);
        },
      ),
      { numRuns: 100 },
    );
    expect(new Set(heard.addresses)).toEqual(new Set(['127.0.0.1']));
  });

  it('that leads elsewhere in the last moment gets a connection, and no request', async () => {
    let requests = 0;
    const { port, connections } = await http((_incoming, answer) => void answer.end(String(requests++)));
    let reads = 0;
    const turncoat = {
      family: 4,
      get address() {
        return reads++ === 0 ? '8.8.8.8' : '127.0.0.1';
      },
    };
    const resolve = () => Promise.resolve([turncoat]);
    const guarded = clientOf(policy(), { connectionsPerOrigin: 1, resolve });
    const exchange = await guarded.send(request(`http://turns.example.com:${port}/`), 2_000);
    expect(exchange).toMatchObject({ ...refusal, code: 'address_forbidden' });
    expect([connections(), requests]).toEqual([1, 0]);
  });
});

describe('a connection', () => {
  it.each(forbiddenAnswers.filter((addresses) => addresses.length === 1).flat())(
    'is not made to %s though nobody judged the URL',
    async (hostname) => {
      const connect = guardedConnector(policy(), { timeoutMs: 500 });
      const error = await new Promise((resolve) => {
        connect({ hostname, protocol: 'http:', port: '' }, (...[problem]) => resolve(problem));
      });
      expect(error).toMatchObject({ code: 'ADDRESS_FORBIDDEN' });
      expect(heard.addresses).toEqual([]);
    },
  );
});

describe('a redirect', () => {
  it.each([300, 301, 302, 303, 304, 305, 307, 308])('to where nobody may call goes nowhere: %i', async (status) => {
    const canary = await http((_incoming, answer) => answer.end('canary'));
    for (const location of ['http://169.254.169.254/latest/', `http://127.0.0.2:${canary.port}/`, canary.url]) {
      const { url } = await http((_incoming, answer) =>
        answer.writeHead(status, { location, refresh: `0;url=${location}` }).end(),
      );
      expect(await client().send(request(url), 2_000)).toMatchObject({ kind: 'answer', response: { status } });
    }
    expect([canary.connections(), new Set(heard.addresses)]).toEqual([0, new Set(['127.0.0.1'])]);
  });
});
