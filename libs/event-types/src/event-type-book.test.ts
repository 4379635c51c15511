// Whose type counts for an event, which version of it, and how much is kept in memory.
import { describe, expect, it } from '@jest/globals';
import type { EventType } from '@sluice/contracts';
import { EventTypeBook } from './event-type-book.ts';

const wants = (type: string): string => JSON.stringify({ type: 'object', properties: { a: { type } } });

const eventType = (more: Partial<EventType> = {}): EventType => ({
  id: 'type-1',
  organization_id: 'org-1',
  workspace_id: 'ws-1',
  name: 'lead.created',
  version: 1,
  schema: wants('string'),
  mode: 'enforce',
  ...more,
});

const event = { workspace: 'ws-1', organization: 'org-1', name: 'lead.created' };

describe('the event types in memory', () => {
  it('say what a payload does not fit, and how seriously that is meant', () => {
    const book = new EventTypeBook();
    book.put(eventType());
    expect(book.check(event, { a: 'x' })).toEqual({ mode: 'enforce', problems: [] });
    const problems = [{ param: 'payload.a', msg: 'must be a string' }];
    expect(book.check(event, { a: 1 })).toEqual({ mode: 'enforce', problems });
    book.put(eventType({ version: 2, mode: 'warn' }));
    expect(book.check(event, { a: 1 })).toEqual({ mode: 'warn', problems });
    book.put(eventType({ version: 3, mode: 'off' }));
    expect(book.check(event, { a: 1 })).toEqual({ mode: 'off', problems: [] });
  });

  it('say nothing of a type that is not registered', () => {
    const book = new EventTypeBook();
    book.put(eventType());
    const none = { mode: 'none', problems: [] };
    expect(book.check({ ...event, name: 'lead.updated' }, {})).toEqual(none);
    expect(book.check({ ...event, workspace: 'ws-2' }, {})).toEqual(none);
    book.remove('type-1');
    expect(book.check(event, { a: 1 })).toEqual(none);
    expect(book.size).toBe(0);
  });

  it("hold an organization's type for all its workspaces, and no other's", () => {
    const book = new EventTypeBook();
    book.put(eventType({ workspace_id: null }));
    expect(book.check({ ...event, workspace: 'ws-9' }, { a: 1 }).problems).toHaveLength(1);
    expect(book.check({ ...event, organization: 'org-2' }, { a: 1 }).mode).toBe('none');
    expect(book.check({ ...event, organization: undefined }, { a: 1 }).mode).toBe('none');
    // Ids may be alike; whose they are differs.
    expect(book.check({ workspace: 'org-1', organization: undefined, name: event.name }, { a: 1 }).mode).toBe('none');
  });

  it("prefer a workspace's own type, also one that is off", () => {
    const book = new EventTypeBook();
    book.put(eventType({ id: 'type-2', workspace_id: null, schema: wants('number') }));
    book.put(eventType());
    expect(book.check(event, { a: 'x' })).toEqual({ mode: 'enforce', problems: [] });
    book.put(eventType({ version: 2, mode: 'off' }));
    expect(book.check(event, { a: 'x' })).toEqual({ mode: 'off', problems: [] });
    book.remove('type-1');
    expect(book.check(event, { a: 'x' }).problems).toHaveLength(1);
  });

  it('go by the newest version, also when an older one comes late', () => {
    const book = new EventTypeBook();
    book.put(eventType({ version: 2, schema: wants('number') }));
    book.put(eventType({ version: 1 }));
    expect(book.check(event, { a: 1 }).problems).toEqual([]);
    book.put(eventType({ version: 3 }));
    expect(book.check(event, { a: 1 }).problems).toHaveLength(1);
  });

  it('keep a successor of the same name when its predecessor is removed late', () => {
    const book = new EventTypeBook();
    book.put(eventType());
    book.put(eventType({ id: 'type-2', schema: wants('number') }));
    expect(book.check(event, { a: 'x' }).problems).toHaveLength(1);
    book.remove('type-1');
    expect(book.check(event, { a: 'x' }).problems).toHaveLength(1);
    book.remove('type-2');
    expect(book.check(event, { a: 'x' }).mode).toBe('none');
  });

  it('follow a type to another name and another owner', () => {
    const book = new EventTypeBook();
    book.put(eventType());
    book.put(eventType({ version: 2, name: 'lead.changed', workspace_id: null }));
    expect(book.check(event, { a: 1 }).mode).toBe('none');
    expect(book.check({ ...event, name: 'lead.changed' }, { a: 1 }).problems).toHaveLength(1);
  });
});

describe('an event type whose schema cannot be used', () => {
  it.each<[what: string, schema: string]>([
    ['is no JSON', '{'],
    ['is no schema', '"object"'],
    ['is refused', '{"type":"object","properties":{"a":{"$ref":"https://example.com"}}}'],
    ['has a pattern that is refused', '{"type":"object","properties":{"a":{"pattern":"(?=a)"}}}'],
  ])('lets payloads pass and is counted: it %s', (_what, schema) => {
    const book = new EventTypeBook();
    book.put(eventType({ schema }));
    expect(book.broken).toBe(0);
    expect(book.check(event, { a: 1 })).toEqual({ mode: 'off', problems: [] });
    expect(book.check(event, { a: 1 })).toEqual({ mode: 'off', problems: [] });
    expect(book.broken).toBe(1);
    book.put(eventType({ version: 2 }));
    expect(book.broken).toBe(0);
    expect(book.check(event, { a: 1 }).problems).toHaveLength(1);
    book.put(eventType({ version: 3, schema }));
    book.check(event, {});
    book.remove('type-1');
    expect(book.broken).toBe(0);
  });

  it('is not read when it is off', () => {
    const book = new EventTypeBook();
    book.put(eventType({ schema: '{', mode: 'off' }));
    book.check(event, {});
    expect(book.broken).toBe(0);
  });
});

describe('planned schemas', () => {
  const types = Array.from({ length: 20 }, (_, index) => eventType({ id: `type-${index}`, name: `n${index}` }));
  const checkAll = (book: EventTypeBook): number[] =>
    types.map(({ name }) => book.check({ ...event, name }, { a: 1 }).problems.length);

  it('are bounded in number, which changes no verdict', () => {
    const book = new EventTypeBook({ characters: 3 * wants('string').length });
    types.forEach((type) => book.put(type));
    expect(book.planned).toBe(0);
    for (let round = 0; round < 3; round++) expect(checkAll(book)).toEqual(types.map(() => 1));
    expect(book.planned).toBe(3);
    types.forEach(({ id }) => book.remove(id));
    expect(book.planned).toBe(0);
  });

  it('stay while they are in use', () => {
    const book = new EventTypeBook({ characters: 2 * wants('string').length });
    types.forEach((type) => book.put(type));
    const check = (index: number) => book.check({ ...event, name: `n${index}` }, { a: 1 });
    check(0);
    for (let index = 1; index < 20; index++) {
      check(index);
      check(0);
      expect(book.isPlanned('type-0')).toBe(true);
    }
  });

  it('are at least the one at hand, however large it is', () => {
    const book = new EventTypeBook({ characters: 1 });
    book.put(eventType());
    expect(book.check(event, { a: 1 }).problems).toHaveLength(1);
    expect(book.planned).toBe(1);
  });
});
