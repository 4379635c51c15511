// What every connector has to keep: its requests are valid against the vendor's contract, every documented answer has its class, and
// nothing a payload or an answer holds gets anywhere else.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { HttpRequest } from '@sluice/connector-kit';
import type { DeliveryFixture, RequestFixture } from '@sluice/connector-kit/fixtures.ts';
import { checkMapping } from '@sluice/mapping';
import type { Exchange } from '@sluice/outbound';
import fc from 'fast-check';
import { subjects, type Subject } from './connectors.ts';
import { classesOfTwo, classOf, readingOf } from './readings.ts';
import { deliveryOf, exchangeOf, nowMs, tried } from './trial.ts';
import { answered, startVendor, type Vendor } from './vendor.ts';

const all = await subjects();

/** The request went out, and no answer came back. */
const brokenOff: Exchange = {
  kind: 'failure',
  layer: 'tcp',
  code: 'connection_lost',
  message: 'the connection broke',
  timing: { connectMs: 1, ttfbMs: null, totalMs: 2 },
};

const deliveriesOf = ({ fixtures }: Subject): [action: string, name: string, fixture: DeliveryFixture][] =>
  Object.entries(fixtures.deliveries).flatMap(([action, list]) =>
    list.map((fixture): [string, string, DeliveryFixture] => [action, fixture.name, fixture]),
  );

describe.each(all.map((subject) => [subject.slug, subject] as const))('the connector %s', (slug, subject) => {
  const { connector, fixtures } = subject;
  let vendor: Vendor;
  beforeAll(async () => {
    vendor = await startVendor(subject.contract);
  });
  afterAll(() => vendor.close());

  it('is called what its folder is, and has a delivery for each of its actions', () => {
    expect(connector.slug).toBe(slug);
    expect(Object.keys(fixtures.deliveries).sort()).toEqual(Object.keys(connector.actions).sort());
  });

  it('has default mappings that are sound', () => {
    for (const { defaultMapping } of Object.values(connector.actions)) {
      if (defaultMapping) expect(checkMapping(defaultMapping)).toEqual([]);
    }
  });

  it.each(deliveriesOf(subject))(
    '%s, %s: sends what it says, valid against the contract',
    async (action, _name, fixture) => {
      const delivery = deliveryOf(subject, action, fixture);
      const { outcome, requests } = await tried(
        subject,
        { delivery, connection: fixture.connection },
        async (request, index) => {
          const scripted = fixture.requests[index]?.answer;
          const known = scripted ? exchangeOf(scripted) : answered(200, '{}');
          if (fixture.outsideContract !== undefined) return known;
          const valid = await vendor.send(request);
          expect({ request: `${request.method} ${request.url}`, answer: shownProblem(valid) }).toMatchObject({
            answer: 'valid',
          });
          return scripted ? known : valid;
        },
      );
      expect(requests.map(shownRequest)).toEqual(
        fixture.requests.map((golden, index) => shownGolden(golden, requests[index])),
      );
      expect(outcome).toMatchObject({ result: 'delivered', error: null });
    },
  );

  it.each(fixtures.refused.map((each) => [each.operation, each] as const))(
    'its contract is checked: a bad %s is refused',
    async (_operation, { method, path, headers = {}, body }) => {
      const json = { 'content-type': 'application/json' };
      const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
      const exchange = await vendor.send({
        method,
        url: `http://vendor${path}`,
        headers: { ...json, ...headers },
        body: text,
      });
      expect(shownProblem(exchange)).not.toBe('valid');
    },
  );

  it.each(fixtures.answers.map((each) => [`${each.action}: ${each.name}`, each.class, each] as const))(
    'takes %s for %s',
    (_name, answerClass, fixture) => {
      if (fixture.together) return expect(classesOfTwo(subject, fixture)).toEqual([answerClass, answerClass]);
      const reading = readingOf(subject, fixture);
      expect(classOf(reading)).toBe(answerClass);
      if (fixture.retryInMs !== undefined) expect(reading).toMatchObject({ retryAtMs: nowMs + fixture.retryInMs });
    },
  );

  it.each([
    ['nothing', 200, ''],
    ['HTML', 200, '<html><body>Sign in</body></html>'],
    ['half of a JSON', 200, '{"id": "1", "res'],
    ['JSON of another kind', 200, '[[[null]]]'],
    ['HTML', 403, '<html>Request blocked</html>'],
    ['HTML', 429, '<html>Slow down</html>'],
    ['HTML', 500, '<html>Oops</html>'],
    ['a text', 503, 'upstream connect error'],
    ['numbers', 400, '{"errors":[1],"error":{},"message":7,"code":[]}'],
  ])('reads %s with status %i without falling over, and tells no secret', async (_what, status, body) => {
    for (const [action, , fixture] of deliveriesOf(subject)) {
      const delivery = deliveryOf(subject, action, fixture);
      const { outcome } = await tried(subject, { delivery, connection: fixture.connection }, () =>
        answered(status, body),
      );
      expect(outcome.error?.code).not.toBe('answer_not_classified');
      if (status >= 500 || status === 429) expect(outcome.result).toBe('retryable');
      expect(JSON.stringify({ ...outcome, delivery: null })).not.toContain('canary');
    }
  });

  it.each(Object.entries(connector.actions).map(([name, { idempotency }]) => [name, idempotency]))(
    '%s, which a repeat does again by %s: a request that broke off is unknown, and repeated only where that is harmless',
    async (action, idempotency) => {
      const fixture = fixtures.deliveries[action]?.[0];
      if (!fixture) throw new Error(`no delivery of ${action}`);
      const { outcome } = await tried(
        subject,
        { delivery: deliveryOf(subject, action, fixture), connection: fixture.connection },
        () => brokenOff,
      );
      expect([outcome.result, outcome.error?.code]).toEqual(
        idempotency === 'none' ? ['rejected', 'maybe_delivered'] : ['retryable', 'connection_lost'],
      );
    },
  );

  it('tells no secret where the vendor repeats the whole request', async () => {
    for (const [action, , fixture] of deliveriesOf(subject)) {
      const delivery = deliveryOf(subject, action, fixture);
      const { outcome } = await tried(subject, { delivery, connection: fixture.connection }, (request) =>
        answered(400, JSON.stringify({ ...request, message: JSON.stringify(request) })),
      );
      expect(JSON.stringify({ ...outcome, delivery: null })).not.toContain('canary');
    }
  });

  it('sends no payload anywhere but where its action goes, and breaks out of no header', async () => {
    const awkward = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constantFrom('../../x', 'a\r\nhost: evil', '\u0000', '//evil.example', '?a=b#c', '%2e%2e%2f', '😀', '\'"<>&'),
    );
    for (const [action, , fixture] of deliveriesOf(subject)) {
      const paths = new Set(fixture.requests.map(({ url }) => shapeOf(url)));
      await fc.assert(
        fc.asyncProperty(fc.array(awkward, { minLength: 1, maxLength: 6 }), async (texts) => {
          const payload = withTexts(fixture.payload, texts) as Record<string, unknown>;
          const fields = fixture.fields && (withTexts(fixture.fields, texts) as Record<string, unknown>);
          const delivery = deliveryOf(subject, action, { ...fixture, payload, ...(fields ? { fields } : {}) });
          const { requests } = await tried(subject, { delivery, connection: fixture.connection }, (_request, index) => {
            const scripted = fixture.requests[index]?.answer;
            return scripted ? exchangeOf(scripted) : answered(200, '{}');
          });
          for (const { url, headers } of requests) {
            expect(paths).toContain(shapeOf(url));
            for (const value of Object.values(headers)) expect(value).not.toMatch(/[\u0000-\u0008\u000a-\u001f\u007f]/);
          }
        }),
        { numRuns: 30 },
      );
    }
  });

  it('keeps two connections apart that are at work at the same time', async () => {
    const [action = '', , fixture] = deliveriesOf(subject)[0] ?? [];
    if (!fixture) throw new Error('no delivery');
    const delivery = deliveryOf(subject, action, fixture);
    const as = (name: string): Subject =>
      JSON.parse(JSON.stringify(fixtures).replaceAll('canary', name), undefined) as never;
    const sent = await Promise.all(
      ['canary-one', 'canary-two'].map(async (name) => {
        const own = { ...subject, fixtures: as(name) as never };
        const { requests } = await tried(own, { delivery, connection: fixture.connection }, async (_request, index) => {
          await new Promise((resolve) => setImmediate(resolve));
          const scripted = fixture.requests[index]?.answer;
          return scripted ? exchangeOf(scripted) : answered(200, '{}');
        });
        return JSON.stringify(requests);
      }),
    );
    expect(sent[0]).not.toContain('canary-two');
    expect(sent[1]).not.toContain('canary-one');
  });
});

function shownProblem(exchange: Awaited<ReturnType<Vendor['send']>>): string {
  if (exchange.kind === 'failure') return exchange.message;
  const { status, body } = exchange.response;
  // Prism's own refusals; the contract's first example is its success.
  return status >= 200 && status < 300 ? 'valid' : `${status} ${body.slice(0, 600)}`;
}

const shownRequest = ({ method, url, headers, body }: HttpRequest) => ({ method, url, headers, body: parsed(body) });

function shownGolden({ method, url, headers = {}, json, body }: RequestFixture, sent: HttpRequest | undefined) {
  return {
    method,
    url,
    headers: { ...sent?.headers, ...headers },
    body: json === undefined ? parsed(body ?? '') : json,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** Origin and number of path segments: what no text may change. */
function shapeOf(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin} ${pathname.split('/').length}`;
}

/** The same structure with other texts, except for those that have a form the vendor asks for. */
function withTexts(value: unknown, texts: readonly string[], state = { at: 0 }): unknown {
  if (typeof value === 'string') return texts[state.at++ % texts.length];
  if (Array.isArray(value)) return value.map((each) => withTexts(each, texts, state));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, each]) => {
    const text = withTexts(each, texts, state);
    return [key, key.includes('email') && typeof text === 'string' ? `${text}@example.com` : text];
  });
  return Object.fromEntries(entries) as unknown;
}
