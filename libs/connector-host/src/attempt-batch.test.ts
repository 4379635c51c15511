// Several deliveries in one request: one outcome each, in their order, and nobody fails for another's fault.
import { describe, expect, it } from '@jest/globals';
import { classified, InputError, type Access } from '@sluice/connector-kit';
import fc from 'fast-check';
import { answer, connection, failure, notSent } from '../testing/attempted.ts';
import { attemptedTogether, deliveries, numbersOf } from '../testing/batched.ts';

describe('deliveries in one request', () => {
  it('are sent together, and each is told of', async () => {
    const all = deliveries(3);
    const { numbers, outcomes } = await attemptedTogether({ deliveries: all });
    expect(numbers).toEqual([[0, 1, 2]]);
    const request = { url: 'https://example.com/batch', headers: { authorization: '[redacted]' } };
    expect(outcomes).toMatchObject(
      all.map(({ id }) => ({ delivery_id: id, result: 'delivered', http_status: 200, queued_ms: 250, request })),
    );
  });

  it('are told of apart, in their order, as the vendor does', async () => {
    const { numbers, short, outcomes } = await attemptedTogether({
      deliveries: deliveries(4),
      answers: () => answer(207, { body: '[200,422,429,410]', headers: { 'retry-after': '9' } }),
    });
    expect(numbers).toHaveLength(1);
    expect(short).toEqual([
      'd0 delivered',
      'd1 rejected http_207',
      'd2 retryable http_207',
      'd3 rejected destination_gone',
    ]);
    expect(outcomes.map(({ delivery }) => delivery?.id)).toEqual([undefined, 'd1', 'd2', 'd3']);
    expect(outcomes[2]).toMatchObject({
      outcome_code: 'rate_limited',
      error: { message: 'the destination answered 429' },
    });
  });

  it('make no request where there are none, and go as any other where one is alone', async () => {
    expect(await attemptedTogether({ deliveries: [] })).toMatchObject({ numbers: [], outcomes: [] });
    const alone = await attemptedTogether({ deliveries: deliveries(1), answers: () => answer(400) });
    // Read as the connector reads every answer: the batch's own `split` makes no sense for one.
    expect(alone).toMatchObject({ numbers: [[0]], short: ['d0 rejected http_400'] });
  });
});

describe('a batch that is refused for one of its deliveries', () => {
  it('is halved until that one is alone: whoever is at fault, the others get through, once', async () => {
    const flags = fc.array(fc.boolean(), { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(flags, async (isBad) => {
        const taken: number[] = [];
        const { sent, outcomes } = await attemptedTogether({
          deliveries: deliveries(isBad.length),
          answers: (numbers) => {
            if (numbers.some((n) => isBad[n])) return answer(400);
            taken.push(...numbers);
            return answer(200);
          },
        });
        expect(outcomes.map(({ delivery_id, result }) => [delivery_id, result])).toEqual(
          isBad.map((bad, n) => [`d${n}`, bad ? 'rejected' : 'delivered']),
        );
        expect(taken).toEqual(isBad.flatMap((bad, n) => (bad ? [] : [n])));
        const faults = isBad.filter(Boolean).length;
        expect(sent.length).toBeLessThanOrEqual(1 + 2 * faults * Math.ceil(Math.log2(isBad.length)));
      }),
      { numRuns: 100 },
    );
  });

  it('is not halved where the vendor took some', async () => {
    const read = () => [classified('delivered', ''), classified('split', 'at fault')];
    const { numbers, short } = await attemptedTogether({ deliveries: deliveries(2), batch: { read } });
    expect(numbers).toEqual([[0, 1]]);
    expect(short).toEqual(['d0 delivered', 'd1 rejected http_200']);
  });
});

describe('a batch that is too large', () => {
  it('is halved without being sent, down to what fits or is alone', async () => {
    // Each is 7 bytes, or 1,000.
    const sized = deliveries(6, (n) => ({ payload: n === 4 ? `{"n":4,"x":"${'x'.repeat(989)}"}` : `{"n":${n}}` }));
    const { sent, numbers, short } = await attemptedTogether({ deliveries: sized, batch: { maxBytes: 2 + 2 * 7 + 1 } });
    expect(numbers).toEqual([[0], [1, 2], [3], [4], [5]]);
    expect(sent.filter(({ body }) => body.length > 17).map(numbersOf)).toEqual([[4]]);
    expect(short).toEqual(sized.map(({ id }) => `${id} delivered`));
  });

  it('counts bytes, not characters', async () => {
    // Both are 35 bytes together, and 33 characters.
    const wide = deliveries(2, (n) => ({ payload: `{"n":${n},"x":"ö"}` }));
    const { numbers } = await attemptedTogether({ deliveries: wide, batch: { maxBytes: 35 } });
    expect(numbers).toEqual([[0, 1]]);
    const halved = await attemptedTogether({ deliveries: wide, batch: { maxBytes: 34 } });
    expect(halved.numbers).toEqual([[0], [1]]);
  });
});

describe('a delivery that cannot be in a request', () => {
  it('is told by itself, and the others go together', async () => {
    const mapping_error = { field: 'email', message: 'is missing' };
    const { numbers, short } = await attemptedTogether({
      deliveries: deliveries(5, (n) => (n % 3 === 1 ? { mapping_error } : {})),
    });
    expect(numbers).toEqual([[0, 2, 3]]);
    expect(short).toEqual([
      'd0 delivered',
      'd1 rejected mapping_failed',
      'd2 delivered',
      'd3 delivered',
      'd4 rejected mapping_failed',
    ]);
  });

  it('as only building it shows, is told alone of what stands in the way', async () => {
    const { sent, short, outcomes } = await attemptedTogether({
      deliveries: deliveries(3),
      batch: {
        build: (calls) => {
          if (calls.some(({ delivery: { id } }) => id === 'd1')) throw new InputError('n', 'is one');
          const body = `[${calls.map(({ delivery: { payload } }) => payload).join()}]`;
          return { method: 'POST', url: 'https://example.com/', headers: {}, body, secretHeaders: [] };
        },
      },
    });
    expect(sent.map(numbersOf)).toEqual([[0], [2]]);
    expect(short).toEqual(['d0 delivered', 'd1 rejected request_not_built', 'd2 delivered']);
    expect(outcomes[1]?.error?.message).toBe('n: is one');
  });

  it('because of its connection is told so for each', async () => {
    for (const [given, code] of [
      [undefined, 'connection_deleted'],
      [connection({ active: false }), 'connection_inactive'],
    ] as const) {
      const { numbers, short } = await attemptedTogether({ deliveries: deliveries(2), connection: given });
      expect(numbers).toEqual([]);
      expect(short).toEqual([`d0 rejected ${code}`, `d1 rejected ${code}`]);
    }
  });
});

describe('a batch without an answer', () => {
  it('that never went out is to be made again for all', async () => {
    const refused = failure({ code: 'connect_failed', timing: notSent });
    const { numbers, short } = await attemptedTogether({
      deliveries: deliveries(2),
      idempotency: 'none',
      answers: () => refused,
    });
    expect(numbers).toHaveLength(1);
    expect(short).toEqual(['d0 retryable connect_failed', 'd1 retryable connect_failed']);
  });

  it('that went out may have been done for all', async () => {
    const given = { deliveries: deliveries(2), answers: () => failure() };
    const once = await attemptedTogether({ ...given, idempotency: 'none' });
    expect(once.short).toEqual(['d0 rejected maybe_delivered', 'd1 rejected maybe_delivered']);
    const natural = await attemptedTogether(given);
    expect(natural.short).toEqual(['d0 retryable connection_lost', 'd1 retryable connection_lost']);
  });
});

describe('an answer to a batch that says too little', () => {
  it.each([
    ['leaves out some', '[200]', ['d0 delivered', 'd1 retryable http_207', 'd2 retryable http_207']],
    ['is empty', '[]', ['d0 retryable http_207', 'd1 retryable http_207', 'd2 retryable http_207']],
    [
      'is no list',
      '{}',
      [
        'd0 retryable answer_not_classified',
        'd1 retryable answer_not_classified',
        'd2 retryable answer_not_classified',
      ],
    ],
  ])('leaves open what became of those it does not name: it %s', async (_what, body, expected) => {
    const { numbers, short } = await attemptedTogether({
      deliveries: deliveries(3),
      answers: () => answer(207, { body }),
    });
    expect(numbers).toEqual([[0, 1, 2]]);
    expect(short).toEqual(expected);
  });
});

describe('a batch with an access token', () => {
  const token = (name: string) => ({ access: { token: name, baseUrl: null } });

  it('that is too old is made once more with another, one for all', async () => {
    const stale: (string | undefined)[] = [];
    const { sent, short } = await attemptedTogether({
      deliveries: deliveries(3),
      access: (_connection: unknown, refused?: Access) => {
        stale.push(refused?.token);
        return token(refused ? 'second' : 'first');
      },
      answers: (_numbers, { headers }) => answer(headers.authorization === 'Bearer second' ? 200 : 401),
    });
    expect(stale).toEqual([undefined, 'first']);
    expect(sent.map(numbersOf)).toEqual([
      [0, 1, 2],
      [0, 1, 2],
    ]);
    expect(short).toEqual(['d0 delivered', 'd1 delivered', 'd2 delivered']);
  });

  it('that is too old although it is new stops the connection', async () => {
    const { numbers, short } = await attemptedTogether({
      deliveries: deliveries(2),
      access: () => token('any'),
      answers: () => answer(401),
    });
    expect(numbers).toHaveLength(2);
    expect(short).toEqual(['d0 retryable credentials_dead', 'd1 retryable credentials_dead']);
  });

  it('that cannot be got is told for each, and nothing is sent', async () => {
    const { numbers, short } = await attemptedTogether({
      deliveries: deliveries(2),
      access: () => ({ problem: 'control does not answer', isDead: false }),
    });
    expect(numbers).toEqual([]);
    expect(short).toEqual(['d0 retryable access_unavailable', 'd1 retryable access_unavailable']);
  });
});
