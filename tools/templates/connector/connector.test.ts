// The Acme connector, as far as its fixtures do not say it: nothing gets out of the body, and answers are told in Acme's words.
import { describe, expect, it } from '@jest/globals';
import type { Call } from '@sluice/connector-kit';
import type { Delivery } from '@sluice/contracts';
import fc from 'fast-check';
import { classify } from './classify.ts';
import { metadata, type AcmeMetadata } from './metadata.ts';
import { sendEvent } from './send-event.ts';

const call = (input: object): Call<AcmeMetadata, never, never> => ({
  metadata: metadata.parse({ api_key: '12345678' }),
  access: undefined,
  delivery: { id: 'd1' } as Delivery,
  fields: {} as never,
  input: input as never,
  nowMs: 0,
});
const answer = (status: number, body: unknown) => ({ status, headers: {}, body: JSON.stringify(body) });

describe('an event', () => {
  it('goes where the connection says, with its key, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.dictionary(fc.string(), fc.jsonValue()), (event, properties) => {
        const request = sendEvent.build(call({ email: 'ada@example.com', event, properties }));
        expect(request.url).toBe('https://api.acme.example/v1/events');
        expect(request.headers).toEqual({
          accept: 'application/json',
          'content-type': 'application/json',
          authorization: 'Bearer 12345678',
        });
        expect(request.secretHeaders).toEqual(['authorization']);
      }),
    );
  });
});

describe('an answer', () => {
  it('is told in the words of Acme', () => {
    expect(classify(answer(400, { message: 'email is missing' }), 0).message).toBe(
      'Acme answered 400: email is missing',
    );
  });

  it('is read whatever it holds', () => {
    fc.assert(fc.property(fc.integer(), fc.jsonValue(), (status, body) => void classify(answer(status, body), 0)));
  });
});

describe('the metadata', () => {
  it.each([
    [{}],
    [{ api_key: 'two words' }],
    [{ api_key: '12345678', base_url: 'ftp://example.com' }],
    [{ api_key: '12345678', surprise: 1 }],
  ])('refuses %j', (given) => {
    expect(metadata.safeParse(given).success).toBe(false);
  });
});
