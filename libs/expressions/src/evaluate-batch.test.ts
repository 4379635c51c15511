// A batch: answers in order, as many as the slice of time allows, each evaluation for itself.
import { describe, expect, it } from '@jest/globals';
import { evaluateBatch } from './evaluate-batch.ts';
import type { BatchMessage } from './messages.ts';

const input = (payload: unknown, event: unknown = {}): string => JSON.stringify({ payload, event });

/** A clock that goes on by 10 whenever it is read. */
function clock(): () => number {
  let now = 0;
  return () => (now += 10);
}

const batch = (text: string, inputs: (string | null)[], sliceMicros = 1e6): BatchMessage => ({
  sliceMicros,
  expressions: [['key', text]],
  evaluations: inputs.map((each) => [0, each]),
});

describe('a batch', () => {
  it('is answered in order, and each answer says what it cost', async () => {
    const answers = await evaluateBatch(batch('{% a %}', [input({ a: 1 }), input({}), input({ a: 'x' })]), clock());
    expect(answers).toEqual([{ micros: 10, text: '1' }, { micros: 10 }, { micros: 10, text: '"x"' }]);
  });

  it('is handed back from where its slice of time is used, but never without an answer', async () => {
    const inputs = [1, 2, 3, 4].map((a) => input({ a }));
    expect(await evaluateBatch(batch('{% a %}', inputs, 15), clock())).toHaveLength(2);
    expect(await evaluateBatch(batch('{% a %}', inputs, 0), clock())).toHaveLength(1);
  });

  it('goes on behind an evaluation that fails', async () => {
    const answers = await evaluateBatch(
      batch('{% a = 1 ? $error("no") : a %}', [input({ a: 1 }), input({ a: 2 })]),
      clock(),
    );
    expect(answers).toEqual([
      { micros: 10, failed: 'no' },
      { micros: 10, text: '2' },
    ]);
  });

  it('gives an expression the payload and the event, and nothing of the evaluation before', async () => {
    const text = '{% ($seen := $seen2; {"v": $event.type, "p": $$, "s": $seen}) %}'.replace('$seen2', 'x');
    const answers = await evaluateBatch(
      batch(text, [input({ x: 1 }, { type: 't' }), input({}, { type: 'u' })]),
      clock(),
    );
    expect(answers.map((answer) => answer.text)).toEqual(['{"v":"t","p":{"x":1},"s":1}', '{"v":"u","p":{}}']);
  });

  it('says what is wrong with an expression that nobody had checked', async () => {
    const [answer] = await evaluateBatch(batch('{% $eval("1") %}', [input({})]), clock());
    expect(answer?.failed).toMatch(/^character 4: \$eval is not allowed/);
  });

  it('only checks where no input is given', async () => {
    const [sound] = await evaluateBatch(batch('{% $error("not evaluated") %}', [null]), clock());
    const [unsound] = await evaluateBatch(batch('{% $foo %}', [null]), clock());
    expect(sound).toEqual({ micros: 10, problems: [] });
    expect(unsound?.problems).toEqual([{ param: 'character 4', msg: '$foo is neither a function nor a variable' }]);
  });

  it('refuses an event that brings what JSONata takes for a function, but not one that speaks of it', async () => {
    const forged = input({ f: { _jsonata_function: true } });
    const honest = input({ f: 'the key _jsonata_function' });
    const answers = await evaluateBatch(batch('{% f %}', [forged, honest]), clock());
    expect(answers.map(({ failed, text }) => failed ?? text)).toEqual([
      'a key of the payload begins with _jsonata_',
      '"the key _jsonata_function"',
    ]);
  });

  it('keeps a message short, however long an expression makes it', async () => {
    const [answer] = await evaluateBatch(batch('{% $error($join([1..9000].("x"))) %}', [input({})]), clock());
    expect(answer?.failed).toBe('x'.repeat(500));
  });
});
