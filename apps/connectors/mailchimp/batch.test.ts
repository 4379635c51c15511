// Batches of members: what goes together, and what the answer means for each delivery.
import { describe, expect, it } from '@jest/globals';
import type { HttpResponse } from '@sluice/connector-kit';
import { answer } from '@sluice/connector-kit/fixtures.ts';
import fc from 'fast-check';
import { action, ada, base, callOf, problem, tooMany } from './testing.ts';

describe('a batch', () => {
  const { batch } = action('upsert_member');
  const calls = [
    { email_address: 'A@x.io', merge_fields: { FNAME: 'A', LNAME: '1' }, tags: ['a'], interests: { i: true } },
    { email_address: 'b@x.io' },
    { email_address: 'a@x.io', merge_fields: { LNAME: '2' }, tags: ['b', 'a'], interests: { j: false } },
  ].map((input) => callOf('upsert_member', { input: { ...input, status: 'pending' } }));
  const read = (response: HttpResponse) => batch?.read(response, calls, 0).map((each) => each.class);

  it('names each member once, with what all its deliveries say', () => {
    const request = batch?.build(calls);
    expect(request).toMatchObject({ method: 'POST', url: `${base}/lists/a1` });
    expect(JSON.parse(request?.body ?? '')).toEqual({
      members: [
        {
          status: 'pending',
          email_address: 'a@x.io',
          merge_fields: { FNAME: 'A', LNAME: '2' },
          tags: ['a', 'b'],
          interests: { i: true, j: false },
        },
        { status: 'pending', email_address: 'b@x.io' },
      ],
      update_existing: true,
    });
  });

  it('ends as if its members had been sent in turn', () => {
    const input = fc.record(
      {
        email_address: fc.constantFrom('a@x.io', 'b@x.io', 'c@x.io'),
        merge_fields: fc.dictionary(fc.constantFrom('A', 'B', 'C'), fc.integer()),
        language: fc.constantFrom('en', 'de'),
      },
      { requiredKeys: ['email_address'] },
    );
    fc.assert(
      fc.property(fc.array(input, { minLength: 1, maxLength: 20 }), (inputs) => {
        const inTurn = new Map<string, { merge_fields?: object }>();
        for (const one of inputs) {
          const earlier = inTurn.get(one.email_address);
          const merge_fields = { ...earlier?.merge_fields, ...one.merge_fields };
          const has = earlier?.merge_fields !== undefined || one.merge_fields !== undefined;
          inTurn.set(one.email_address, { ...earlier, ...one, ...(has ? { merge_fields } : {}) });
        }
        const made = batch?.build(inputs.map((one) => callOf('upsert_member', { input: one }))).body ?? '';
        expect(JSON.parse(made)).toEqual({ members: [...inTurn.values()], update_existing: true });
      }),
    );
  });

  it.each([
    ['upsert_member', {}, {}, 'a1 d1'],
    ['upsert_member', {}, { status: 'pending' }, 'a1'],
    ['add_to_list', {}, {}, 'a1 d1'],
    ['add_to_list', { resubscribe: true }, {}, 'a1'],
    ['remove_from_list', {}, {}, 'a1'],
    ['remove_from_list', { how: 'archive' }, {}, 'a1 d1'],
  ])('of %s %j %j goes to one audience, and is of one where no status is said', (name, fields, more, expected) => {
    const call = callOf(name, { fields, input: { ...ada, ...more } });
    expect(action(name).batch?.key?.(call)).toBe(expected);
  });

  it('tells each delivery what became of its own member', () => {
    const errors = (error: string, error_code: string) => [{ email_address: ' A@X.io', error, error_code }];
    const updated_members = [{ email_address: 'B@x.io' }];
    expect(read(answer(200, { updated_members, errors: errors('no', 'ERROR_GENERIC') }))).toEqual([
      'permanent',
      'delivered',
      'permanent',
    ]);
    expect(read(answer(200, { new_members: updated_members, errors: errors(tooMany, 'ERROR_GENERIC') }))?.[0]).toBe(
      'retry',
    );
    expect(read(answer(200, { updated_members, errors: errors('there', 'ERROR_CONTACT_EXISTS') }))?.[0]).toBe('retry');
  });

  it.each([
    ['refuses it as a whole', problem(400, 'Invalid Resource'), 'split'],
    ['takes it for too large', answer(413), 'split'],
    ['says more than is read', answer(200, '{"new_members": ['), 'split'],
    ['does not know the audience', problem(404, 'Resource Not Found'), 'permanent'],
    ['is busy', problem(429, 'Too Many Requests'), 'throttle'],
    ['tells of others only', answer(200, { new_members: [{ email_address: 'z@x.io' }] }), 'unknown'],
  ])('when Mailchimp %s', (_, response, expected) => {
    expect(read(response)).toEqual([expected, expected, expected]);
  });

  it('of one has nothing to split', () => {
    expect(batch?.read(problem(400, 'Invalid Resource'), calls.slice(0, 1), 0)).toMatchObject([{ class: 'permanent' }]);
    expect(batch?.read(answer(200, '{"new'), calls.slice(0, 1), 0)).toMatchObject([{ class: 'unknown' }]);
  });
});
