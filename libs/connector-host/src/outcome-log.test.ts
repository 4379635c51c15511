// What a connector appends and logs: where outcomes and parked deliveries go, and what is told of a connection only once.
import { describe, expect, it } from '@jest/globals';
import type { BreakerRecord, Outcome, Parked, Topic } from '@sluice/contracts';
import type { Append, EventLog } from '@sluice/kafka';
import type { Log, TraceContext } from '@sluice/telemetry';
import { answer, attempted, delivery, type Case } from '../testing/attempted.ts';
import { OutcomeLog } from './outcome-log.ts';

const trace = {} as TraceContext;

/** An outcome log with what it appended, as `topic key`, and the lines it logged. */
function opened() {
  const appended: (Append<unknown> & { to: string })[] = [];
  const prepared: string[] = [];
  const lines: object[] = [];
  const log = { info: (line: object) => lines.push(line), warn: (line: object) => lines.push(line) };
  const broker = { fails: false };
  const eventLog = {
    openToWrite: (topics: readonly Topic[]) => {
      prepared.push(...topics.map(({ name }) => name));
      return Promise.resolve();
    },
    append: ({ name }: Topic, record: Append<unknown>) => {
      if (broker.fails) return Promise.reject(new Error('the log is down'));
      appended.push({ to: `${name} ${record.key}`, ...record });
      return Promise.resolve();
    },
  };
  const outcomes = new OutcomeLog('test', eventLog as unknown as EventLog, log as unknown as Log);
  return { outcomes, appended, prepared, lines, broker };
}

const outcomeOf = async (status: number, given: Case = {}): Promise<Outcome> =>
  (await attempted({ ...given, exchange: answer(status) })).outcome;

describe('the outcome log', () => {
  it('prepares every topic that it appends to', async () => {
    const { outcomes, prepared } = opened();
    await outcomes.open();
    expect(prepared).toEqual(['outcomes', 'outcomes.failed', 'connection-states', 'breakers', 'parked.test']);
  });

  it.each([
    [200, 'outcomes', { outcome: 'delivered', http_status: 200, error: undefined }],
    [503, 'outcomes.failed', { outcome: 'retryable', http_status: 503, error: 'http_503' }],
    [404, 'outcomes.failed', { outcome: 'rejected', http_status: 404, error: 'http_404' }],
  ])('tells an attempt that was answered %d to %s, by its event, and logs it', async (status, topic, line) => {
    const { outcomes, appended, lines } = opened();
    const outcome = await outcomeOf(status);
    await outcomes.tell(outcome, trace);
    expect(appended).toEqual([{ to: `${topic} ${outcome.event_id}`, key: outcome.event_id, value: outcome, trace }]);
    expect(lines).toEqual([
      expect.objectContaining({ event: 'delivery.attempted', attempt: 2, queued_ms: 250, ...line }),
    ]);
  });

  it('tells retry nothing of a failure that is parked already', async () => {
    const { outcomes, appended } = opened();
    await outcomes.tell({ ...(await outcomeOf(503)), delivery: null }, trace);
    expect(appended.map(({ to }) => to.split(' ')[0])).toEqual(['outcomes']);
  });

  it('logs no attempt whose outcome could not be told', async () => {
    const { outcomes, lines, broker } = opened();
    broker.fails = true;
    await expect(outcomes.tell(await outcomeOf(200), trace)).rejects.toThrow('the log is down');
    expect(lines).toEqual([]);
  });

  it('parks by connection', async () => {
    const { outcomes, appended, lines } = opened();
    const parked: Parked = {
      id: '9-d',
      reason: 'cut',
      not_before: null,
      parked_at: 1,
      delivery: delivery({ id: 'd' }),
    };
    await outcomes.park(parked, trace);
    const { connection_id } = parked.delivery;
    expect(appended).toEqual([{ to: `parked.test ${connection_id}`, key: connection_id, value: parked, trace }]);
    expect(lines).toMatchObject([
      { event: 'delivery.parked', delivery_id: 'd', connection: connection_id, reason: 'cut' },
    ]);
  });

  it('remembers breakers, and logs those that opened; a line that is parked is no failure', async () => {
    const { outcomes, appended, lines } = opened();
    const open = {
      workspace_id: 'w',
      state: 'open',
      reason: 'failures',
      open_until: 9,
      diverted_to: null,
    } as BreakerRecord;
    await outcomes.remember('c', open);
    await outcomes.remember('c', { ...open, state: 'closed', diverted_to: '9-d' });
    await outcomes.remember('c', null);
    expect(appended.map(({ to }) => to)).toEqual(Array(3).fill('breakers c'));
    expect(appended.at(-1)?.value).toBeNull();
    expect(lines).toEqual([
      { event: 'breaker.changed', connection: 'c', workspace: 'w', state: 'open', reason: 'failures', open_until: 9 },
    ]);
  });
});

describe('a connection that cannot go on', () => {
  const statesOf = ({ appended }: ReturnType<typeof opened>) =>
    appended.filter(({ to }) => to.startsWith('connection-states'));

  it.each([
    [401, 'authentication_invalid'],
    [410, 'destination_gone'],
  ])('is told of before the outcome, when a destination answers %d', async (status, state) => {
    const log = opened();
    const outcome = await outcomeOf(status);
    await log.outcomes.tell(outcome, trace);
    const { connection_id, workspace } = outcome;
    expect(log.appended.map(({ to }) => to)).toEqual([
      `connection-states ${connection_id}`,
      `outcomes.failed ${outcome.event_id}`,
    ]);
    expect(log.appended[0]?.value).toMatchObject({ workspace_id: workspace, connection_version: 5, state });
    expect(log.lines).toMatchObject([
      { event: 'connection.stopped', connection: connection_id, workspace, state },
      { event: 'delivery.attempted' },
    ]);
  });

  it('is told of once for each of its versions, however many attempts find it out at once', async () => {
    const log = opened();
    const outcome = await outcomeOf(401);
    const tell = (connection_version: number) => log.outcomes.tell({ ...outcome, connection_version }, trace);
    await Promise.all([tell(5), tell(5), tell(4)]);
    await tell(5);
    expect(statesOf(log)).toHaveLength(1);
    await tell(6);
    expect(statesOf(log)).toMatchObject([{ value: { connection_version: 5 } }, { value: { connection_version: 6 } }]);
  });

  it('is told of again when that failed', async () => {
    const log = opened();
    const outcome = await outcomeOf(401);
    log.broker.fails = true;
    await expect(log.outcomes.tell(outcome, trace)).rejects.toThrow('the log is down');
    expect(log.lines).toEqual([]);
    log.broker.fails = false;
    await log.outcomes.tell(outcome, trace);
    expect(statesOf(log)).toHaveLength(1);
  });
});
