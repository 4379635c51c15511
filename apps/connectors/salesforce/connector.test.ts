// What the conformance suite cannot say of the Salesforce connector: batches, lookups, and inputs of any kind.
import { describe, expect, it } from '@jest/globals';
import type { Reading } from '@sluice/connector-kit';
import { answer } from '@sluice/connector-kit/fixtures.ts';
import fc from 'fast-check';
import { quoted } from './request.ts';
import { action, callOf, fault, host, settings } from './testing.ts';

const contact = (input: object) => callOf('upsert_contact', input);
const ok = { id: '003', success: true, errors: [], created: true };
const failed = (statusCode: string, message = '') => ({
  success: false,
  errors: [{ statusCode, message, fields: [] }],
});

describe('a batch', () => {
  const batch = action('upsert_contact').batch!;
  const read = (emails: string[], ...response: Parameters<typeof answer>) =>
    batch.read(
      answer(...response),
      emails.map((Email) => contact({ Email })),
      0,
    );
  const classes = (...given: Parameters<typeof read>) => read(...given).map((found) => found.class);

  it('is one collection; what the mapping makes does not change its type or key', () => {
    const request = batch.build([
      contact({ Email: 'A@b.co', attributes: { type: 'User' }, LastName: 'B' }),
      contact({ Email: 'c@d.co', Sluice_Id__c: 7 }),
    ]);
    expect(request).toMatchObject({
      method: 'PATCH',
      url: `${host}/services/data/v66.0/composite/sobjects/Contact/Sluice_Id__c`,
    });
    expect(JSON.parse(request.body)).toEqual({
      allOrNone: false,
      records: [
        { attributes: { type: 'Contact' }, Sluice_Id__c: 'a@b.co', Email: 'a@b.co', LastName: 'B' },
        { attributes: { type: 'Contact' }, Sluice_Id__c: '7', Email: 'c@d.co' },
      ],
    });
  });

  it('takes properties of several rules together, on the records that the connection names', () => {
    const leads = { ...settings, person: 'Lead' as const };
    const set = (Email: string, fields: object) => callOf('update_property', { Email }, { fields, metadata: leads });
    const { body } = action('update_property').batch!.build([
      set('a@b.co', { id: 'Score__c', value: 1 }),
      set('a@b.co', { id: 'Hot__c', value: true }),
    ]);
    expect(JSON.parse(body)).toMatchObject({
      records: [{ attributes: { type: 'Lead' }, Sluice_Id__c: 'a@b.co', Score__c: 1, Hot__c: true }],
    });
  });

  it('makes one record of one external id, and it ends as if sent in turn', () => {
    const input = fc.record({ Email: fc.constantFrom('a@b.co', 'c@d.co', 'e@f.co') }, { requiredKeys: ['Email'] });
    const fields = fc.dictionary(fc.constantFrom('A', 'B', 'C'), fc.integer());
    fc.assert(
      fc.property(fc.array(fc.tuple(input, fields), { minLength: 1, maxLength: 20 }), (given) => {
        const inputs = given.map(([email, others]) => ({ ...others, ...email }));
        const { records } = JSON.parse(batch.build(inputs.map(contact)).body) as { records: Record<string, unknown>[] };
        const inTurn = new Map<string, object>();
        for (const one of inputs) inTurn.set(one.Email, { ...inTurn.get(one.Email), ...one });
        const made = records.map(({ attributes: _attributes, Sluice_Id__c: key, ...rest }) => [key, rest]);
        expect(made).toEqual([...inTurn]);
      }),
    );
  });

  it('gives each delivery the result of its record, whichever it shares it with', () => {
    const results = [ok, failed('REQUIRED_FIELD_MISSING'), failed('UNABLE_TO_LOCK_ROW')];
    expect(classes(['a@b.co', 'c@d.co', 'A@b.co', 'e@f.co'], 200, results)).toEqual([
      'delivered',
      'permanent',
      'delivered',
      'retry',
    ]);
  });

  it.each([
    ['for a record of two deliveries', ['a@b.co', 'a@b.co', 'c@d.co'], 200, [failed('STRING_TOO_LONG'), ok]],
    [
      'for records that stand in each other’s way',
      ['a@b.co', 'c@d.co'],
      200,
      [ok, failed('DUPLICATE_VALUE', 'Duplicate external id specified: a')],
    ],
    ['for an unknown column', ['a@b.co', 'c@d.co'], 400, fault('INVALID_FIELD')],
    ['for several records of one external id', ['a@b.co', 'c@d.co'], 300, ['/x']],
    ['for its size', ['a@b.co', 'c@d.co'], 413, ''],
  ])('is split %s', (_why, emails, status, body) => {
    expect(new Set(classes(emails, status, body))).toEqual(new Set(['split']));
  });

  it.each([
    [401, fault('INVALID_SESSION_ID'), 'auth_expired'],
    [403, fault('REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.'), 'throttle'],
    [404, fault('NOT_FOUND'), 'permanent'],
    [400, fault('UNABLE_TO_LOCK_ROW'), 'retry'],
    [200, [ok], 'unknown'],
    [200, '<html/>', 'unknown'],
  ])('%i %j is %s for those it concerns', (status, body, found) => {
    expect(classes(['a@b.co', 'c@d.co'], status, body).at(-1)).toBe(found);
  });
});

describe('a removal from a campaign', () => {
  const id = '7015g000000AbCdAAK';
  const call = callOf('remove_from_campaign', { Email: "O'Neil\\@b.co" }, { fields: { id } });
  const read = (...given: Parameters<typeof answer>): Reading =>
    action('remove_from_campaign').read!(answer(...given), call, 0);
  const found = read(200, { totalSize: 1, records: [{ Id: '00v/../1' }] });

  it('looks the membership up, whoever made it', () => {
    const { method, url } = action('remove_from_campaign').build(call);
    expect(method).toBe('GET');
    expect(new URL(url).searchParams.get('q')).toBe(
      `SELECT Id FROM CampaignMember WHERE CampaignId = '${id}' AND Contact.Sluice_Id__c = 'o\\'neil\\\\@b.co' LIMIT 1`,
    );
  });

  it('deletes what was found', () => {
    expect(found).toMatchObject({
      why: 'step',
      then: { method: 'DELETE', url: `${host}/services/data/v66.0/sobjects/CampaignMember/00v%2F..%2F1`, body: '' },
    });
  });

  it.each([
    [204, '', 'delivered'],
    [404, fault('NOT_FOUND'), 'delivered'],
    [404, fault('ENTITY_IS_DELETED'), 'delivered'],
    [404, '<html/>', 'permanent'],
    [400, fault('UNABLE_TO_LOCK_ROW'), 'retry'],
  ])('takes %i %j to the deletion for %s', (status, body, expected) => {
    if (!('then' in found)) throw new Error('there is no deletion');
    expect(found.read(answer(status, body), 0)).toMatchObject({ class: expected });
  });

  it.each([
    [200, { totalSize: 0, records: [] }, 'delivered'],
    [200, '<html/>', 'retry'],
    [400, fault('INVALID_FIELD'), 'permanent'],
    [401, fault('INVALID_SESSION_ID'), 'auth_expired'],
  ])('takes %i %j to the query for %s', (status, body, expected) => {
    expect(read(status, body)).toMatchObject({ class: expected });
  });
});

describe('any input', () => {
  const anyText = fc.string({ unit: 'binary', maxLength: 300 });
  const paths = /^\/services\/data\/v66\.0\/(sobjects\/Contact\/Sluice_Id__c\/[^/]+|query)$/;

  it.each(['upsert_contact', 'remove_from_campaign'])('of %s stays within its host, path and headers', (name) => {
    fc.assert(
      fc.property(anyText, anyText, (key, text) => {
        const input = { Email: 'a@b.co', Sluice_Id__c: key, [text]: text };
        let request;
        try {
          request = action(name).build(callOf(name, input, { fields: { id: '7015g000000AbCd' } }));
        } catch {
          return;
        }
        const url = new URL(request.url);
        expect(url.origin).toBe(host);
        expect(url.pathname).toMatch(paths);
        expect(Object.values(request.headers).join('')).toMatch(/^[\x20-\x7e]*$/);
      }),
    );
  });

  it('cannot end a SOQL text before its time', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(quoted(text)).toMatch(/^'([^'\\\r\n]|\\["'\\bfnrtu])*'$/);
      }),
    );
  });

  it.each(['', ' ', ' a', 'a'.repeat(256), true, {}])(
    'with the external id %j is refused by the name of its field',
    (key) => {
      expect(() => action('upsert_contact').build(contact({ Email: 'a@b.co', Sluice_Id__c: key }))).toThrow(
        expect.objectContaining({ field: 'Sluice_Id__c' }),
      );
    },
  );

  it('cannot set the external id as a property', () => {
    const fields = { id: 'Sluice_Id__c', value: 'x' };
    expect(() => action('update_property').build(callOf('update_property', { Email: 'a@b.co' }, { fields }))).toThrow(
      expect.objectContaining({ field: 'fields.id' }),
    );
  });

  it.each(['a b@c.co', 'a@b@c', '', 7, undefined])('without an email (%j) fits no contact', (Email) => {
    expect(action('upsert_contact').input!.safeParse({ Email }).success).toBe(false);
  });
});
