// Routing is a function of the event and the rules: same ids whoever routes it and how often, versions named, silence visible.
import { describe, expect, it } from '@jest/globals';
import { deliveryId, type Connection, type Event, type Rule } from '@sluice/contracts';
import fc from 'fast-check';
import { fanOut, route, type Configuration } from './route.ts';

const event: Event = {
  id: '6ba7b810-9dad-41d1-80b4-00c04fd430c8',
  workspace: '11111111-1111-4111-8111-111111111111',
  event: 'lead.created',
  payload: '{"n": 12345678901234567890.10}',
  resource: 'contact',
  resource_id: '7',
  created_at: 1_000,
  created_by: 'mk_test',
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
  mapping_version: 5,
  active: true,
  ...over,
});

const configuration = (rules: readonly Rule[], versions: Record<string, number> = {}): Configuration => ({
  matching: () => [...rules],
  connection: (id): Pick<Connection, 'version'> | undefined => {
    const version = versions[id];
    return version === undefined ? undefined : { version };
  },
});

describe('routing', () => {
  it('makes one delivery of each matching rule, complete and naming the versions that made it', () => {
    const made = rule();
    expect(route(event, configuration([made], { [made.connection_id]: 8 }), 2_000)).toEqual([
      {
        id: deliveryId(event.id, made.id),
        event_id: event.id,
        workspace: event.workspace,
        rule_id: made.id,
        rule_version: 3,
        connection_id: made.connection_id,
        connection_version: 8,
        mapping_version: 5,
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
        replay_id: null,
        attempts: [],
      },
    ]);
  });

  it('gives a delivery the same id however often, whenever and by whatever version of the rule it is made', () => {
    const first = route(event, configuration([rule({ version: 1 })]), 1);
    const again = route(event, configuration([rule({ version: 2, action_settings: '{}' })]), 999_999);
    expect(again.map(({ id }) => id)).toEqual(first.map(({ id }) => id));
    // As Python's uuid.uuid5 has it: any language can compute it.
    expect(first[0]?.id).toBe('bbe790a7-4eb5-5735-8620-969f93857fa6');
  });

  it('never gives two deliveries one id, unless event and rule are the same', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.uuid()), fc.uniqueArray(fc.uuid(), { maxLength: 5 }), (ruleIds, eventIds) => {
        const rules = configuration(ruleIds.map((id) => rule({ id })));
        const ids = eventIds.flatMap((id) => route({ ...event, id }, rules, 0).map((delivery) => delivery.id));
        expect(new Set(ids).size).toBe(ruleIds.length * eventIds.length);
      }),
    );
  });

  it('asks any newer version of a connection it has not seen, so that the connector decides', () => {
    expect(route(event, configuration([rule()]), 0)[0]?.connection_version).toBe(0);
  });

  it('makes nothing when nothing matches', () => {
    expect(route(event, configuration([]), 0)).toEqual([]);
  });
});

describe('a fan-out', () => {
  it('says what was decided without the payloads', () => {
    const rules = [rule(), rule({ id: '0b1f9c62-0000-4000-8000-000000000000', action: 'other' })];
    const deliveries = route(event, configuration(rules), 2_000);
    const decided = fanOut(event, deliveries, 2_000);
    expect(decided).toMatchObject({
      event_id: event.id,
      workspace: event.workspace,
      routed_at: 2_000,
      created_at: 1_000,
    });
    expect(decided.deliveries).toEqual(
      deliveries.map(({ id, rule_id, rule_version, connection_id, connection_version, mapping_version, ...rest }) => ({
        id,
        rule_id,
        rule_version,
        connection_id,
        connection_version,
        mapping_version,
        connector: rest.connector,
        action: rest.action,
      })),
    );
    expect(JSON.stringify(decided)).not.toContain('12345678901234567890');
  });

  it('is empty, not missing, when nothing matched', () => {
    expect(fanOut(event, [], 5)).toEqual({
      event_id: event.id,
      workspace: event.workspace,
      event: 'lead.created',
      resource: 'contact',
      resource_id: '7',
      created_at: 1_000,
      created_by: 'mk_test',
      routed_at: 5,
      deliveries: [],
    });
  });
});
