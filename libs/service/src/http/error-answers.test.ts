// Every way a call can go wrong, over real HTTP: the status, the one envelope, and nothing of our own in it.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ApiError, fieldError } from '@sluice/api';
import { UnavailableError } from '@sluice/kafka';
import { HttpApp, next, type Answer, type Call } from '../../testing/http-app.ts';

const app = new HttpApp();
beforeAll(() => app.start());
afterAll(() => app.stop());
beforeEach(() => {
  app.logged.length = 0;
});

const json = { 'content-type': 'application/json' };

/** The parts of an error answer that matter, once it is known to be the envelope. */
function told({ status, headers, body }: Answer) {
  expect(headers['content-type']).toMatch(/^application\/json/);
  expect(headers['x-request-id']).toMatch(/^[A-Za-z0-9._-]{1,100}$/);
  expect(body).toStrictEqual({
    message: expect.any(String),
    error: { name: expect.any(String), code: expect.any(String), message: expect.any(String), data: expect.any(Array) },
  });
  const { error } = body as { error: { name: string; code: string; data: { param: string; msg: string }[] } };
  return { status, name: error.name, code: error.code, params: error.data.map(({ param }) => param) };
}

describe('a call that is not there', () => {
  it('answers 404 for a path that does not exist, whatever comes with it', async () => {
    for (const call of [{}, { headers: json, body: '{' }, { headers: { 'content-type': 'text/plain' }, body: 'x' }]) {
      const answer = await app.call('POST', '/api/nothing', call);
      expect(told(answer)).toMatchObject({ status: 404, name: 'NotFound', code: 'not_found' });
    }
  });

  it.each(['PATCH', 'POST', 'OPTIONS', 'PROPFIND'])(
    'answers 405 for %s on a path that has other methods, and names them',
    async (method) => {
      const answer = await app.call(method, '/api/things/1?a=b');
      expect(told(answer)).toMatchObject({ status: 405, name: 'MethodNotAllowed', code: 'method_not_allowed' });
      expect(answer.headers.allow).toBe('DELETE, GET, HEAD, PUT');
    },
  );

  it.each(['/api/things/1/', '/api/search/', '//api/things/1'])(
    'never answers 405 to a method that it says is allowed: GET %s',
    async (path) => {
      const answer = await app.call('GET', path);
      expect([told(answer).status, answer.headers.allow]).toEqual([404, undefined]);
    },
  );

  it('has the envelope though its path cannot be decoded', async () => {
    expect(told(await app.call('GET', '/api/things/%zz'))).toMatchObject({ status: 400 });
  });

  it('has the envelope though an id in its path is longer than any id', async () => {
    expect(told(await app.call('GET', `/api/things/${'x'.repeat(1_500)}`))).toMatchObject({ status: 404 });
  });
});

describe('a body', () => {
  it.each<[string, Call]>([
    ['with its length given', { headers: json, body: 'x'.repeat(300_000) }],
    ['in chunks', { headers: { ...json, 'transfer-encoding': 'chunked' }, body: 'x'.repeat(300_000) }],
    ['one byte too large', { headers: json, body: ' '.repeat(256 * 1024 + 1) }],
  ])('beyond 256 kB is 413: %s', async (_what, call) => {
    expect(told(await app.call('POST', '/api/texts', call))).toMatchObject({
      status: 413,
      name: 'PayloadTooLarge',
      code: 'body_too_large',
    });
  });

  it('of exactly 256 kB is read', async () => {
    const answer = await app.call('POST', '/api/texts', { headers: json, body: ' '.repeat(256 * 1024) });
    expect(answer.status).toBe(201);
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/vnd.api+json',
    'multipart/form-data',
    ';;;',
  ])('of type %s is 415', async (type) => {
    const answer = await app.call('POST', '/api/things', { headers: { 'content-type': type }, body: '{}' });
    expect(told(answer)).toMatchObject({ status: 415, name: 'UnsupportedMediaType', code: 'media_type_unsupported' });
  });

  it('of no type is 415', async () => {
    expect(told(await app.call('POST', '/api/things', { body: '{}' }))).toMatchObject({ status: 415 });
  });

  it.each(['application/json; charset=utf-8', 'Application/JSON', 'application/json;charset=UTF-8'])(
    'may be of type %s',
    async (type) => {
      const answer = await app.call('POST', '/api/things', {
        headers: { 'content-type': type },
        body: '{"name":"abc"}',
      });
      expect([answer.status, answer.body]).toEqual([201, { body: { name: 'abc' } }]);
    },
  );

  it.each<[string, string | Buffer, string]>([
    ['no JSON', '{"name":', 'body_not_json'],
    ['no UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'body_not_json'],
    ['nested 10,000 deep', '['.repeat(10_000), 'json_too_deep'],
    ['a __proto__ key', '{"name":"abc","__proto__":{}}', 'json_forbidden_key'],
    [
      '10,001 keys',
      JSON.stringify(Object.fromEntries(Array.from({ length: 10_001 }, (_, key) => [key, 1]))),
      'json_too_many_keys',
    ],
  ])('that is unfit is 400: %s', async (_what, body, code) => {
    expect(told(await app.call('POST', '/api/things', { headers: json, body }))).toMatchObject({
      status: 400,
      name: 'BadRequest',
      code,
    });
  });

  it('that does not fit its shape is 400 with every field named', async () => {
    const answer = await app.call('PUT', '/api/things/1', { headers: json, body: '{"name":"x","sizes":[1,"2"]}' });
    expect(told(answer)).toEqual({
      status: 400,
      name: 'BadRequest',
      code: 'field_invalid',
      params: ['name', 'sizes.1'],
    });
    expect(told(await app.call('PUT', '/api/things/1', { headers: json, body: '[]' })).params).toEqual(['body']);
  });

  it.each([
    ['in a field', { name: 'ab\0c' }],
    ['somewhere below', { name: 'abc', more: [{ deep: '\0' }] }],
    ['in a name of a member', { name: 'abc', more: { '\0': 1 } }],
  ])('with a NUL is 400, because no text of Postgres may hold one: %s', async (_what, body) => {
    const answer = await app.call('PUT', '/api/things/1', { headers: json, body: JSON.stringify(body) });
    expect(told(answer)).toMatchObject({ status: 400, name: 'BadRequest' });
  });

  it.each([
    ['POST', '/api/things', json, 201],
    ['POST', '/api/things', {}, 201],
    ['DELETE', '/api/things/1', json, 200],
    ['DELETE', '/api/things/1', {}, 200],
  ])('that is empty is none, and no error: %s %s with %j', async (method, path, headers, status) => {
    const answer = await app.call(method, path, { headers });
    expect([answer.status, answer.body]).toEqual([status, expect.objectContaining({ body: {} })]);
  });

  it('may come with DELETE', async () => {
    const answer = await app.call('DELETE', '/api/things/1', { headers: json, body: '{"force_delete":true}' });
    expect(answer.body).toEqual({ id: '1', body: { force_delete: true } });
  });

  it('reaches a call that asks for it as the text it was', async () => {
    const body = '{ "n": 12345678901234567890.10, "ö": "\\u00e9" }';
    expect((await app.call('POST', '/api/texts', { headers: json, body })).body).toEqual({ text: body });
  });
});

describe('a query', () => {
  it.each(['limit=201', 'limit=x', 'limit=1.5', 'limit=1&limit=2'])('that does not fit is 400: %s', async (query) => {
    const answer = told(await app.call('GET', `/api/search?${query}`));
    expect(answer).toEqual({ status: 400, name: 'BadRequest', code: 'field_invalid', params: ['limit'] });
  });

  it('with a NUL is 400, because no text of Postgres may be compared with one', async () => {
    expect(told(await app.call('GET', '/api/search?q=a%00b'))).toMatchObject({ status: 400, params: ['q'] });
  });

  it('has its defaults', async () => {
    expect((await app.call('GET', '/api/search?other=1')).body).toEqual({ limit: 50 });
  });
});

describe('an error of the call itself', () => {
  const failing = (thrown: unknown): Promise<Answer> => {
    next.thrown = thrown;
    return app.call('GET', '/api/fails?secret=canary');
  };

  it('that was expected says what it is, which field, and when to try again', async () => {
    expect(told(await failing(fieldError('name', 'must be new')))).toEqual({
      status: 400,
      name: 'BadRequest',
      code: 'field_invalid',
      params: ['name'],
    });
    const early = await failing(new ApiError('retry_too_early', { retryAfterSeconds: 7 }));
    expect([told(early).status, early.headers['retry-after']]).toEqual([425, '7']);
    expect(app.logged).toEqual([]);
  });

  it.each([
    ['TypeError', new TypeError('canary of undefined')],
    ['an Error with a cause', new Error('canary', { cause: new Error('canary') })],
    ['a database error', Object.assign(new Error('canary violates'), { code: '23505', detail: 'canary' })],
    ['no error at all', 'canary'],
    ['nothing', undefined],
  ])(
    'that is our mistake is 500, tells the caller nothing of it, and the log everything: %s',
    async (_what, thrown) => {
      const answer = await failing(thrown);
      expect(told(answer)).toEqual({ status: 500, name: 'InternalServerError', code: 'internal', params: [] });
      expect(JSON.stringify(answer)).not.toContain('canary');
      expect(app.logged).toMatchObject([
        { event: 'request.failed', method: 'GET', path: '/api/fails', request_id: answer.headers['x-request-id'] },
      ]);
      if (thrown !== undefined) expect(app.logged[0]?.stack).toContain('canary');
    },
  );

  it('leaves the server answering', async () => {
    expect((await app.call('GET', '/api/things/1')).body).toEqual({ id: '1' });
  });

  it('that Kafka could not be reached is 503, and worth another try', async () => {
    const answer = await failing(new UnavailableError('no broker at 10.0.0.1'));
    expect(told(answer)).toMatchObject({ status: 503, code: 'log_unavailable' });
    expect([answer.headers['retry-after'], JSON.stringify(answer.body).includes('10.0.0.1')]).toEqual(['1', false]);
  });

  it.each([
    Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }),
    Object.assign(new Error('read'), { code: 'ECONNRESET' }),
    Object.assign(new Error('terminating'), { code: '57P01' }),
    new Error('Connection terminated unexpectedly'),
  ])('that Postgres could not be reached is 503: %s', async (thrown) => {
    const answer = await failing(thrown);
    expect(told(answer)).toMatchObject({ status: 503, code: 'database_unavailable' });
    expect(answer.headers['retry-after']).toBe('1');
  });
});

describe('a request id', () => {
  it("is the caller's own, on a success and on a failure", async () => {
    for (const path of ['/api/things/1', '/api/nothing']) {
      const answer = await app.call('GET', path, { headers: { 'x-request-id': 'order-7.a_B' } });
      expect(answer.headers['x-request-id']).toBe('order-7.a_B');
    }
  });

  it.each(['a b', '', 'x'.repeat(101), '<script>', 'größe'])(
    'that is unfit is replaced by one of ours: %j',
    async (id) => {
      const answer = await app.call('GET', '/api/things/1', { headers: { 'x-request-id': id } });
      expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    },
  );
});
