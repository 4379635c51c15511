// Answers to questions, of vendors that say it, that say less, and that say something else.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { choicesOf, recordFieldsOf, tested } from './answers.ts';
import { byStatus } from './classify.ts';
import { at, textAt } from './http.ts';

describe('a test', () => {
  const read = tested(byStatus, (body) => textAt(body, 'name'));
  const answer = (status: number, body: string) => read({ status, headers: {}, body });

  it('says whose account it is', () => {
    expect(answer(200, '{"name": "Acme"}')).toEqual({ ok: true, message: 'Acme' });
  });

  it('fails with what the vendor said, and where it is not the vendor that answers', () => {
    expect(answer(401, '{"name": "Acme"}')).toEqual({ ok: false, message: 'the destination answered 401' });
    expect(answer(200, '<html>').ok).toBe(false);
  });
});

describe('choices', () => {
  it('have the vendor names, or their values; what has no value is none', () => {
    const entries = [{ id: '1', name: 'One' }, { id: '2' }, { name: 'Three' }, { id: 4 }, null, 'x', []];
    expect(choicesOf(entries)).toEqual([
      { value: '1', label: 'One' },
      { value: '2', label: '2' },
    ]);
    expect(choicesOf([{ key: 'a', title: 'A' }], 'key', 'title')).toEqual([{ value: 'a', label: 'A' }]);
  });

  it('are a thousand at the most', () => {
    expect(choicesOf(Array.from({ length: 1_001 }, () => ({ id: 'a' })))).toHaveLength(1_000);
  });

  it('are read from whatever is listed', () => {
    fc.assert(fc.property(fc.array(fc.jsonValue()), (entries) => void choicesOf(entries)));
  });
});

describe('the fields of a record', () => {
  const described = (entry: unknown) => ({
    key: textAt(entry, 'key'),
    label: textAt(entry, 'label'),
    type: textAt(entry, 'type'),
    description: undefined,
    required: at(entry, 'required') === true,
    choices: [],
    max_length: 0,
  });

  it('say what the vendor says, without constraints that constrain nothing', () => {
    expect(
      recordFieldsOf([{ key: 'a', label: 'A', type: 'date', required: true }, { key: 'b' }, {}, 7], described),
    ).toEqual([
      { key: 'a', label: 'A', type: 'date', description: '', constraints: { required: true } },
      { key: 'b', label: 'b', type: 'string', description: '', constraints: {} },
    ]);
    const [field] = recordFieldsOf([{}], () => ({ ...described({ key: 'a' }), choices: ['x'], max_length: 80 }));
    expect(field?.constraints).toEqual({ choices: ['x'], max_length: 80 });
  });
});
