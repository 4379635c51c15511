// What ingest and the router accept as an event, field by field.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { eventNameProblems, payloadProblems, readEvent } from './event.ts';
import type { Event } from './generated.ts';
import { newId } from './ids.ts';

const event = (over: Partial<Event> = {}): Event => ({
  id: newId(),
  workspace: newId(),
  event: 'lead.created',
  payload: '{"email":"jane@example.com"}',
  resource: null,
  resource_id: null,
  created_at: 1,
  created_by: null,
  schema_problem: null,
  ...over,
});

describe('a payload', () => {
  it.each([
    [{ email: 'jane@example.com' }, []],
    [{ score: 0 }, []],
    [{ a: '', b: false }, []],
    [{}, ['payload']],
    [{ a: '', b: null }, ['payload']],
    [null, ['payload']],
    [['a'], ['payload']],
    ['text', ['payload']],
    [{ email: 'jane' }, ['payload.email']],
    [{ email: 'jane@localhost' }, ['payload.email']],
    [{ email: 'a b@example.com' }, ['payload.email']],
    [{ email: 'jane@example.com\r\nbcc: x@example.com' }, ['payload.email']],
    [{ email: 7 }, ['payload.email']],
    [{ id: 7, phone: {} }, ['payload.id', 'payload.phone']],
  ])('%j has problems at %j', (payload, params) => {
    expect(payloadProblems(payload).map((problem) => problem.param)).toEqual(params);
  });
});

describe("an event's names", () => {
  it.each([
    [{ event: 'lead.created' }, []],
    [{ event: 'Lead Created', resource: 'contact', resource_id: 'a:1.b-c_d' }, []],
    [{ event: '' }, ['event']],
    [{ event: undefined }, ['event']],
    [{ event: 'x'.repeat(201) }, ['event']],
    [{ event: 'a\nb' }, ['event']],
    [{ event: 'a', resource: 'no spaces', resource_id: 'x'.repeat(65) }, ['resource', 'resource_id']],
    [{ event: 'a', resource_id: 5 }, ['resource_id']],
  ])('%j have problems at %j', (names, params) => {
    expect(eventNameProblems(names).map((problem) => problem.param)).toEqual(params);
  });
});

describe('an event that somebody else appended', () => {
  it('comes back with its payload parsed', () => {
    expect(readEvent(event())).toEqual({ payload: { email: 'jane@example.com' } });
  });

  it.each([
    [{ id: 'x' }, 'id'],
    [{ workspace: 'x' }, 'workspace'],
    [{ event: '' }, 'event'],
    [{ payload: '{' }, 'payload'],
    [{ payload: '[]' }, 'payload'],
    [{ payload: '['.repeat(10_000) }, 'payload'],
    [{ payload: '{"a":{"__proto__":{}}}' }, 'payload'],
    [{ payload: '{"email":"jane"}' }, 'payload.email'],
    [{ payload: `{"a":"${'x'.repeat(300_000)}"}` }, 'payload'],
  ])('%j is refused at %s', (over, param) => {
    expect(readEvent(event(over))).toMatchObject({ problem: { param } });
  });

  it('never throws, whatever the payload text', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (payload) => void readEvent(event({ payload }))));
  });
});
