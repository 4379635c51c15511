// Deliveries that cannot be attempted wait in their parking lot, seen and counted, and each arrives once when its connection can go on.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { must, Sink, until, Workspace, type Json } from './harness.ts';

interface Health extends Json {
  active: boolean;
  health: { state: string; reason: string | null; open_until: string | null; parked: number };
}

const healthOf = (connection: string) => must<Health>({ path: `/connections/${connection}` });
const isDelivered = ({ status }: { status: string }): boolean => status === 'completed';
const isParked = ({ rule_events: [delivery] }: { rule_events: { state: string }[] }): boolean =>
  delivery?.state === 'parked';

describe('a parking lot', () => {
  let sink: Sink;
  let workspace: Workspace;
  beforeAll(async () => {
    sink = await Sink.start();
    workspace = await Workspace.create('parking');
  });
  afterAll(() => sink.stop());

  const emit = (type: string, count: number): Promise<string[]> =>
    Promise.all(Array.from({ length: count }, (_, n) => workspace.emit(type, { n })));

  const switched = (connection: string, active: boolean) =>
    must({ method: 'PUT', path: `/connections/${connection}`, body: { active } });

  it('holds what comes while a connection is switched off, and all of it arrives once it is switched on', async () => {
    const connection = await workspace.connection(sink.url('/off'));
    await workspace.rule(connection, 'lead.off');
    await switched(connection, false);
    const ids = await emit('lead.off', 20);
    for (const id of ids) {
      const event = await workspace.event(id, isParked);
      expect(event.rule_events[0]).toMatchObject({ state_reason: 'connection_inactive', attempt_count: 0 });
    }
    expect(sink.requests('/off')).toEqual([]);
    expect((await healthOf(connection)).health).toMatchObject({ state: 'closed', parked: 20 });
    const parked = await must<{ count: number; next_cursor: string | null; records: Json[] }>({
      path: `/connections/${connection}/parked?limit=15`,
    });
    expect(parked).toMatchObject({ count: 15, next_cursor: expect.any(String) });
    expect(parked.records[0]).toMatchObject({ event: 'lead.off', reason: 'connection_inactive', attempt: 1 });
    expect(JSON.stringify(parked.records)).not.toContain('payload');

    await switched(connection, true);
    for (const id of ids) await workspace.event(id, isDelivered);
    const arrived = sink.requests('/off').map(({ headers }) => headers['webhook-id']);
    expect(arrived).toHaveLength(20);
    expect(new Set(arrived).size).toBe(20);
    expect((await healthOf(connection)).health.parked).toBe(0);
  });

  it('spares a dead destination until it is asked whether it is well again, and then all of it arrives', async () => {
    sink.answers('/dead', 503);
    const connection = await workspace.connection(sink.url('/dead'), {
      policy: { max_attempts: 42, backoff_ms: 1_000, backoff_factor: 1, backoff_cap_ms: 1_000 },
    });
    await workspace.rule(connection, 'lead.dead');
    const first = await emit('lead.dead', 5);
    const open = await until('the breaker is open', async () => {
      const { health } = await healthOf(connection);
      return health.state === 'open' && health;
    });
    expect(open.reason).toBe('failures');
    const before = sink.requests('/dead').length;
    expect(before).toBe(5);
    const later = await emit('lead.dead', 15);
    for (const id of [...first, ...later]) {
      const event = await workspace.event(id, isParked);
      expect(event.rule_events[0]).toMatchObject({ state_reason: 'breaker_open' });
    }
    expect(sink.requests('/dead')).toHaveLength(before);

    sink.answers('/dead', 200);
    const well = { limitMs: 100_000 };
    await sink.received('/dead', before + 1, well);
    expect(sink.requests('/dead')[before]?.atMs).toBeGreaterThanOrEqual(Date.parse(String(open.open_until)));
    for (const id of [...first, ...later]) await workspace.event(id, isDelivered, well);
    const arrived = sink.requests('/dead').slice(before);
    expect(new Set(arrived.map(({ headers }) => headers['webhook-id'])).size).toBe(20);
    expect(arrived).toHaveLength(20);
    expect((await healthOf(connection)).health).toMatchObject({ state: 'closed', reason: null, parked: 0 });
  }, 180_000);
});
