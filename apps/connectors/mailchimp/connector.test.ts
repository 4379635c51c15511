// The Mailchimp connector: what the conformance suite cannot say of it. What the contract lacks, and inputs that mean harm.
import { describe, expect, it } from '@jest/globals';
import type { HttpResponse, Reading } from '@sluice/connector-kit';
import { answer } from '@sluice/connector-kit/fixtures.ts';
import fc from 'fast-check';
import { mailchimp } from './connector.ts';
import { metadata } from './metadata.ts';
import { action, ada, adaId, base, callOf, credentials, exists, problem, tooMany } from './testing.ts';

/** Reads answers one after the other, as the host does. */
function readAll(call: ReturnType<typeof callOf>, name: string, answers: readonly HttpResponse[]): Reading {
  const [first, ...others] = answers;
  return others.reduce<Reading>(
    (reading, each) => ('then' in reading ? reading.read(each, 0) : reading),
    action(name).read?.(first as HttpResponse, call, 0) as Reading,
  );
}

describe('a member who stands in the way', () => {
  const call = callOf('add_to_list', {
    fields: { resubscribe: true },
    input: { ...ada, merge_fields: { FNAME: 'A' } },
  });

  it('is asked for, then updated under the id that it has', () => {
    expect(readAll(call, 'add_to_list', [exists])).toMatchObject({
      why: 'conflict',
      then: { method: 'GET', url: `${base}/lists/a1/members/${adaId}`, body: '' },
    });
    const update = readAll(call, 'add_to_list', [exists, answer(200, { id: 'other/..' })]);
    expect(update).toMatchObject({ why: 'conflict', then: { method: 'PATCH' } });
    if (!('then' in update)) throw new Error('there is no update');
    expect(update.then.url).toBe(`${base}/lists/a1/members/other%2F..`);
    expect(JSON.parse(update.then.body)).toEqual({ status: 'subscribed', merge_fields: { FNAME: 'A' } });
  });

  it.each([
    ['updated', [exists, answer(200, { id: 'b' }), answer(200)], 'delivered'],
    ['in the way again', [exists, answer(200, { id: 'b' }), exists], 'permanent'],
    ['not there', [exists, problem(404, 'Resource Not Found')], 'permanent'],
    ['not named', [exists, answer(200, '<html/>')], 'unknown'],
  ])('and then is %s', (_, answers, expected) => {
    expect(readAll(call, 'add_to_list', answers)).toMatchObject({ class: expected });
  });
});

describe('an address that is on too many lists', () => {
  it.each([
    [1, 'retry'],
    [3, 'retry'],
    [4, 'permanent'],
  ])('at attempt %i is %s', (attempt, expected) => {
    const call = callOf('upsert_member', { attempt });
    const response = problem(400, 'Invalid Resource', tooMany);
    expect(readAll(call, 'upsert_member', [response])).toMatchObject({ class: expected });
    expect(action('upsert_member').batch?.read(response, [call], 0)).toMatchObject([{ class: expected }]);
  });
});

describe('an event', () => {
  const nameOf = (event: string) => {
    const call = callOf('send_event', {});
    return (
      JSON.parse(action('send_event').build({ ...call, delivery: { ...call.delivery, event } }).body) as {
        name: string;
      }
    ).name;
  };

  it('is named after its type as far as Mailchimp allows', () => {
    expect(nameOf(`lead.créated.${'x'.repeat(40)}`)).toBe(`lead_cr_ated_${'x'.repeat(17)}`);
    expect(() => nameOf('a')).toThrow('too short');
  });
});

describe('a question', () => {
  it('about the connection is answered by Mailchimp, or by why not', () => {
    expect(mailchimp.test?.build(credentials).url).toBe(`${base}/ping`);
    expect(mailchimp.test?.read(answer(200, { health_status: 'Fine!' }))).toEqual({
      ok: true,
      message: 'Mailchimp says: Fine!',
    });
    expect(mailchimp.test?.read(answer(200, '<html/>'))).toMatchObject({ ok: false });
    expect(mailchimp.test?.read(problem(401, 'API Key Invalid', 'no'))).toEqual({
      ok: false,
      message: 'API Key Invalid: no',
    });
  });

  it('for audiences is answered by their ids and names', () => {
    const lists = mailchimp.choices?.lists;
    expect(lists?.build(credentials).url).toBe(`${base}/lists?count=1000&fields=lists.id%2Clists.name`);
    expect(lists?.read(answer(200, { lists: [{ id: 'a1', name: 'News' }, { id: 'a2' }, { name: 'none' }] }))).toEqual([
      { value: 'a1', label: 'News' },
      { value: 'a2', label: 'a2' },
    ]);
  });
});

describe('any input', () => {
  const anyText = fc.string({ unit: 'binary', maxLength: 300 });
  const place = /^\/3\.0\/lists\/[A-Za-z0-9_-]+\/members\/[0-9a-f]{32}(\/tags|\/events)?$/;
  const control = /[^\t\x20-\x7e]/;

  it.each(Object.keys(mailchimp.actions))('of %s stays within its host, path and headers', (name) => {
    fc.assert(
      fc.property(anyText, anyText, (local, other) => {
        const given = { email_address: `${local}@example.com`, merge_fields: { [other]: other }, [other]: other };
        const input = action(name).input?.safeParse(given);
        const fields = action(name).fields?.safeParse({ id: local, ...(name.endsWith('tag') ? { tag: other } : {}) });
        if (!input?.success) return;
        const call = { ...callOf('upsert_member', {}), input: input.data };
        const usual = { id: 'a1', tag: other, name: 'lead', how: 'archive' };
        const { url, headers } = action(name).build({ ...call, fields: fields?.success ? fields.data : usual });
        expect(new URL(url).host).toBe('us1.api.mailchimp.com');
        expect(new URL(url).pathname).toMatch(place);
        expect(Object.values(headers).filter((value) => control.test(value))).toEqual([]);
      }),
    );
  });
});

describe('the metadata', () => {
  it('takes no key that leads to another host', () => {
    for (const api_key of ['key-us1.evil.io/', 'key-us1@evil', 'key', 'key-us1\r\n', 'key-evil.io/x-us1'])
      expect(metadata.safeParse({ api_key }).success).toBe(false);
  });

  it('names the proxy in place of Mailchimp', () => {
    const proxied = {
      ...credentials,
      metadata: metadata.parse({ api_key: 'k-us1', base_url: 'http://127.0.0.1:9/x' }),
    };
    expect(mailchimp.test?.build(proxied).url).toBe('http://127.0.0.1:9/x/ping');
  });
});
