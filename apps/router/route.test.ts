// Routing is a function of the event and the rules: same ids whoever routes it and how often, versions named, silence visible.
import { describe, expect, it } from '@jest/globals';
import { deliveryId, type Connection, type Event, type Rule } from '@sluice/contracts';
import type { MapInput, MapResult } from '@sluice/mapping';
import fc from 'fast-check';
import { fanOut, route, type Applied, type Configuration } from './route.ts';

const event: Event = {
  id: '6ba7b810-9dad-41d1-80b4-00c04fd430c8',
  workspace: '11111111-1111-4111-8111-111111111111',
  event: 'lead.created',
  payload: '{"n": 12345678901234567890.10}',
  resource: 'contact',
  resource_id: '7',
  created_at: 1_000,
  created_by: 'mk_test',
  schema_problem: null,
};

const rule = (over: Partial<Rule> = {}): Rule => ({
  id: 'f47ac10b-58cc-4372-a567-0e02b2c3d479',
  workspace_id: event.workspace,
  connection_id: '22222222-2222-4222-8222-222222222222',
  connector: 'webhook',
  version: 3,
  event: 'lead.created',
  resource: null,
  resource_id: null,
  action: 'send_webhook',
  action_settings: '{"a":1}',
  mapping_version: null,
  active: true,
  conditions: null,
  mapping: null,
  ...over,
});

const payload = { n: 1, email: 'ada@example.com' };

interface Given {
  rules?: readonly Rule[];
  versions?: Record<string, number>;
  mapping?: Applied;
  overflow?: number;
}

const configured = ({ rules = [], versions = {}, mapping, overflow = 0 }: Given): Configuration => ({
  matching: () => ({ rules: [...rules], overflow, budgetExhausted: false, steps: 0 }),
  connection: (id): Pick<Connection, 'version'> | undefined => {
    const version = versions[id];
    return version === undefined ? undefined : { version };
  },
  mapping: () => mapping,
});

const routing = (given: Given, of: Event = event, nowMs = 2_000) =>
  route(of, payload, { configuration: configured(given), nowMs });
const deliveriesOf = (given: Given, of?: Event) => routing(given, of).routed.map(({ delivery }) => delivery);

describe('routing', () => {
  it('makes one delivery of each matching rule, complete and naming the versions that made it', () => {
    const made = rule();
    expect(deliveriesOf({ rules: [made], versions: { [made.connection_id]: 8 } })).toEqual([
      {
        id: deliveryId(event.id, made.id),
        event_id: event.id,
        workspace: event.workspace,
        rule_id: made.id,
        rule_version: 3,
        connection_id: made.connection_id,
        connection_version: 8,
        mapping_version: null,
        connector: 'webhook',
        action: 'send_webhook',
        action_settings: '{"a":1}',
        event: 'lead.created',
        resource: 'contact',
        resource_id: '7',
        payload: event.payload,
        created_at: 1_000,
        created_by: 'mk_test',
        queued_at: 2_000,
        attempt: 1,
        trigger: 'initial',
        cycle_start: 1,
        pauses: 0,
        is_low: false,
        parking_id: null,
        replay_id: null,
        mapping_error: null,
        attempts: [],
      },
    ]);
  });

  it('gives a delivery the same id however often, whenever and by whatever version of the rule it is made', () => {
    const [first] = deliveriesOf({ rules: [rule({ version: 1 })] });
    const [again] = deliveriesOf({ rules: [rule({ version: 2, action_settings: '{}' })] });
    expect(again?.id).toBe(first?.id);
    // As Python's uuid.uuid5 has it: any language can compute it.
    expect(first?.id).toBe('bbe790a7-4eb5-5735-8620-969f93857fa6');
  });

  it('never gives two deliveries one id, unless event and rule are the same', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.uuid()), fc.uniqueArray(fc.uuid(), { maxLength: 5 }), (ruleIds, eventIds) => {
        const rules = ruleIds.map((id) => rule({ id }));
        const ids = eventIds.flatMap((id) => deliveriesOf({ rules }, { ...event, id }).map((delivery) => delivery.id));
        expect(new Set(ids).size).toBe(ruleIds.length * eventIds.length);
      }),
    );
  });

  it('asks any newer version of a connection it has not seen, so that the connector decides', () => {
    expect(deliveriesOf({ rules: [rule()] })[0]?.connection_version).toBe(0);
  });

  it('makes nothing when nothing matches', () => {
    expect(deliveriesOf({})).toEqual([]);
  });
});

describe('a mapping', () => {
  const applied = (run: (input: MapInput) => MapResult, version: number | null = 2): Applied => ({
    mapping: { kind: 'directives', run },
    version,
    key: 'k',
  });

  it('makes the payload of its deliveries, which name its version', () => {
    const mapping = applied(({ payload: { email }, event: { type } }) => ({
      ok: true,
      value: { email, type },
      warnings: [],
    }));
    const [delivery] = deliveriesOf({ rules: [rule()], mapping });
    expect(delivery).toMatchObject({
      payload: '{"email":"ada@example.com","type":"lead.created"}',
      mapping_version: 2,
      mapping_error: null,
    });
  });

  it('that fails makes a delivery that says where and why, and stops no other', () => {
    const mapping = applied(() => ({ ok: false, field: 'map.name', message: 'is required' }));
    const [delivery] = deliveriesOf({ rules: [rule()], mapping });
    expect(delivery).toMatchObject({
      payload: event.payload,
      mapping_error: { field: 'map.name', message: 'is required' },
    });
  });

  it('that makes nothing at all is a failure too', () => {
    const [delivery] = deliveriesOf({
      rules: [rule()],
      mapping: applied(() => ({ ok: true, value: undefined, warnings: [] })),
    });
    expect(delivery?.mapping_error).toEqual({ field: '', message: 'the mapping made nothing' });
  });

  it('that is an expression is left to whoever evaluates those', () => {
    const mapping: Applied = { mapping: { kind: 'jsonata', expression: '{% $ %}' }, version: null, key: 'rule r 1' };
    const [routed] = routing({ rules: [rule()], mapping }).routed;
    expect(routed?.expression).toEqual({ key: 'rule r 1', text: '{% $ %}' });
  });
});

describe('a fan-out', () => {
  it('says what was decided without the payloads', () => {
    const mapping: Applied = {
      mapping: {
        kind: 'directives',
        run: () => ({ ok: true, value: {}, warnings: [{ field: 'map.a', message: 'left out' }] }),
      },
      version: 4,
      key: 'k',
    };
    const made = routing({
      rules: [rule(), rule({ id: '0b1f9c62-0000-4000-8000-000000000000', action: 'other' })],
      mapping,
      overflow: 3,
    });
    const decided = fanOut(event, made, 2_000);
    expect(decided).toMatchObject({
      event_id: event.id,
      workspace: event.workspace,
      routed_at: 2_000,
      created_at: 1_000,
      overflow: 3,
      budget_exhausted: false,
    });
    expect(decided.deliveries).toEqual(
      made.routed.map(({ delivery }) => ({
        id: delivery.id,
        rule_id: delivery.rule_id,
        rule_version: delivery.rule_version,
        connection_id: delivery.connection_id,
        connection_version: delivery.connection_version,
        mapping_version: 4,
        connector: delivery.connector,
        action: delivery.action,
        warnings: ['map.a: left out'],
      })),
    );
    expect(JSON.stringify(decided)).not.toContain('12345678901234567890');
  });

  it('is empty, not missing, when nothing matched', () => {
    expect(fanOut(event, routing({}), 5)).toEqual({
      event_id: event.id,
      workspace: event.workspace,
      event: 'lead.created',
      resource: 'contact',
      resource_id: '7',
      created_at: 1_000,
      created_by: 'mk_test',
      routed_at: 5,
      overflow: 0,
      budget_exhausted: false,
      deliveries: [],
    });
  });
});
