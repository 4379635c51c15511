// The engine on a clock of its own: what is attempted, what is parked and why, what is remembered, and whose errors are whose.
import { describe, expect, it } from '@jest/globals';
import { answer, failure, nowMs } from '../testing/attempted.ts';
import { onStageClock, pass, settled, stageWith, type Stage } from '../testing/engine-stage.ts';

onStageClock();

describe('a delivery', () => {
  it('is done when its outcome is told', async () => {
    const stage = stageWith();
    await stage.take('d1');
    expect([stage.inFlight, stage.news()]).toEqual([['d1'], []]);
    await stage.answer('d1');
    expect(stage.news()).toEqual(['told d1 delivered', 'done d1']);
    expect(stage.engine.stats).toMatchObject({ inFlight: 0, waiting: 0, lanes: 0, workspaces: 0 });
  });

  it('keeps no place once it has failed, where its connection asks for no order', async () => {
    const stage = stageWith();
    await stage.failing('d1');
    expect(stage.news()).toEqual(['told d1 rejected_server_error', 'done d1']);
    expect(stage.failed).toMatchObject([{ id: 'd1', parking_id: null }]);
  });

  it('is parked while its connection is switched off, also when that happens while it waits', async () => {
    const stage = stageWith({ concurrency: 1 });
    await stage.take('d1');
    await stage.take('d2');
    stage.connect('a', { active: false });
    await stage.take('d3');
    expect(stage.news()).toEqual(['parked d3 connection_inactive', 'done d3']);
    await stage.answer('d1');
    expect(stage.news()).toEqual(expect.arrayContaining(['parked d2 connection_inactive', 'done d2']));
    expect(stage.inFlight).toEqual([]);
  });

  it('is attempted where its connection was deleted: the attempt refuses it', async () => {
    const stage = stageWith();
    stage.disconnect('a');
    await stage.take('d1');
    await stage.answer('d1');
    expect(stage.news()).toEqual(['told d1 internal_error', 'done d1']);
  });

  it('is parked when there was no slot for it within 12 s', async () => {
    const stage = stageWith({}, { process: 1 });
    stage.connect('b');
    await stage.take('d1');
    await stage.take('d2', { connection_id: 'b' });
    await pass(11_999);
    expect(stage.news()).toEqual([]);
    await pass(1);
    expect(stage.news()).toEqual(['parked d2 no_slot', 'done d2']);
  });

  it('is parked at a place that ascends with its offset, and keeps the place it has', async () => {
    const stage = stageWith();
    stage.connect('a', { active: false });
    await stage.take('d2');
    await stage.take('d1');
    const [first, second] = stage.parked;
    if (first) await stage.release(first);
    expect(stage.parked.map(({ id }) => id)).toEqual(['0000000000000009-d2', '0000000000000010-d1', first?.id]);
    expect((first?.id ?? '') < (second?.id ?? '')).toBe(true);
    expect(first).toMatchObject({ parked_at: nowMs, not_before: null, delivery: { parking_id: first?.id } });
  });
});

describe('a destination that fails', () => {
  it('is left alone after five failures: what waits and what comes is parked unattempted', async () => {
    const stage = stageWith();
    await stage.failing('d1', 'd2', 'd3', 'd4');
    await stage.take('d5');
    await stage.take('d6');
    expect(stage.inFlight).toEqual(['d5']);
    stage.news();
    await stage.answer('d5', answer(503));
    await stage.take('d7');
    expect(stage.news().sort()).toEqual(
      [
        'remembered a open',
        'told d5 rejected_server_error',
        'parked d6 breaker_open',
        'parked d7 breaker_open',
        ...['done d5', 'done d6', 'done d7'],
      ].sort(),
    );
    expect(stage.inFlight).toEqual([]);
    expect(stage.records.get('a')).toMatchObject({
      connector: 'test',
      state: 'open',
      reason: 'failures',
      open_until: nowMs + 60_000,
      diverted_to: null,
    });
  });

  it('is asked once its minute is over, by one delivery, and forgotten when that is taken', async () => {
    const stage = stageWith();
    await stage.failing('d1', 'd2', 'd3', 'd4', 'd5');
    await pass(60_000);
    await stage.take('d6');
    await stage.take('d7');
    expect(stage.inFlight).toEqual(['d6']);
    stage.news();
    await stage.answer('d6');
    expect(stage.news()).toEqual(['remembered a nothing', 'told d6 delivered', 'done d6']);
    expect(stage.inFlight).toEqual(['d7']);
  });

  it('is well where it refuses, whether it is asked again or not', async () => {
    const stage = stageWith();
    for (let n = 0; n < 12; n++) {
      await stage.take(`d${n}`);
      await stage.answer(`d${n}`, answer(n % 2 ? 401 : 404));
    }
    expect(stage.records.size).toBe(0);
  });

  it('fails also where nothing is asked again because it may have been done', async () => {
    const stage = stageWith();
    for (const id of ['d1', 'd2']) {
      await stage.take(id, { action: 'once' });
      await stage.answer(id, failure({ layer: 'timeout', code: 'timed_out' }));
    }
    expect(stage.records.get('a')).toMatchObject({ state: 'open', reason: 'timeouts' });
  });
});

describe('what was remembered', () => {
  const record = async () => {
    const stage = stageWith();
    await stage.failing('d1', 'd2', 'd3', 'd4', 'd5');
    return stage.records.get('a') ?? null;
  };

  it('holds in another process', async () => {
    const stage = stageWith();
    stage.engine.recall('a', await record());
    await stage.take('d1');
    expect(stage.news()).toEqual(['parked d1 breaker_open', 'done d1']);
  });

  it('holds until something newer is heard', async () => {
    const stage = stageWith();
    const open = await record();
    stage.engine.recall('a', open);
    stage.engine.recall('a', open && { ...open, diverted_to: '9' });
    stage.engine.recall('a', null);
    expect(stage.engine.stats.lanes).toBe(0);
    await stage.take('d1');
    expect(stage.inFlight).toEqual(['d1']);
  });

  it('says nothing to who has had work of the connection, or is another connector', async () => {
    const stage = stageWith();
    await stage.failing('d1');
    const open = await record();
    stage.engine.recall('a', open);
    stage.engine.recall('b', open && { ...open, connector: 'other' });
    stage.engine.recall('c', null);
    stage.connect('b');
    await stage.take('d2');
    await stage.take('d3', { connection_id: 'b' });
    expect(stage.inFlight).toEqual(['d2', 'd3']);
  });
});

describe('a destination that asks for a pause', () => {
  const tooMany = (seconds: number) => answer(429, { headers: { 'retry-after': `${seconds}` } });

  it('rests until the time it named', async () => {
    const stage = stageWith();
    await stage.take('d1');
    await stage.answer('d1', tooMany(5));
    await stage.take('d2');
    await pass(4_999);
    expect(stage.inFlight).toEqual([]);
    await pass(1);
    expect(stage.inFlight).toEqual(['d2']);
    expect(stage.records.size).toBe(0);
  });

  it('has parked what cannot wait for that', async () => {
    const stage = stageWith({ concurrency: 1 });
    await stage.take('d1');
    await stage.take('d2');
    await stage.answer('d1', tooMany(60));
    await stage.take('d3');
    expect(stage.news().filter((line) => line.startsWith('parked'))).toEqual([
      'parked d2 throttled',
      'parked d3 throttled',
    ]);
  });
});

describe('an attempt that takes 3 s while the slow pool is full', () => {
  const slow = async (action: string) => {
    const stage = stageWith({}, { process: 4 });
    stage.connect('b');
    await stage.take('d1', { action });
    await stage.take('d2', { connection_id: 'b', action });
    await pass(2_999);
    expect(stage.inFlight).toEqual(['d1', 'd2']);
    return stage;
  };

  it('is cut: aborted, parked, and its outcome told to nobody', async () => {
    const stage = await slow('send');
    await pass(1);
    expect(stage.inFlight).toEqual(['d1']);
    expect(stage.news()).toEqual(['parked d2 cut', 'done d2']);
    await stage.answer('d2');
    expect(stage.news()).toEqual([]);
    await stage.answer('d1');
    expect(stage.news()).toEqual(['told d1 delivered', 'done d1']);
  });

  it.each([
    ['ends', (stage: Stage) => stage.answer('d2')],
    ['breaks', (stage: Stage) => stage.fail('d2', 'aborted')],
  ])('is not done before it is parked, even when it %s before', async (_, end) => {
    const stage = await slow('send');
    let park: (error: Error) => void = () => undefined;
    stage.before = (part) => (part === 'park' ? new Promise((_, reject) => (park = reject)) : Promise.resolve());
    await pass(1);
    await end(stage);
    expect(stage.news()).toEqual([]);
    park(new Error('the log is down'));
    await settled();
    expect(stage.news()).toEqual(['failed d2 the log is down']);
  });

  it('goes on where it cannot be repeated', async () => {
    const stage = await slow('once');
    await pass(10_000);
    expect([stage.inFlight, stage.news()]).toEqual([['d1', 'd2'], []]);
    await stage.answer('d2');
    expect(stage.news()).toEqual(['told d2 delivered', 'done d2']);
  });
});

describe('what goes wrong', () => {
  it.each(['connection', 'tell', 'park', 'remember'] as const)('in %s fails the delivery it is of', async (broken) => {
    const stage = stageWith({}, { process: 1 });
    stage.connect('off', { active: false });
    await stage.failing('d1', 'd2', 'd3', 'd4');
    await stage.take('d5');
    stage.connect('b');
    await stage.take('d6', { connection_id: 'b' });
    stage.news();
    stage.before = (part, id) =>
      part === broken && !id.endsWith('6') ? Promise.reject(new Error(`no ${part}`)) : Promise.resolve();
    await stage.answer('d5', answer(503));
    await stage.take('d7', { connection_id: 'off' });
    await stage.answer('d6');
    const lines = stage.news();
    const failed = { connection: 'd7', tell: 'd5', park: 'd7', remember: 'd5' }[broken];
    expect(lines.filter((line) => line.startsWith('failed'))).toEqual([`failed ${failed} no ${broken}`]);
    expect(lines.filter((line) => line.startsWith('done')).sort()).toEqual(
      ['done d5', 'done d6', 'done d7'].filter((line) => line !== `done ${failed}`),
    );
  });

  it('in making an attempt fails that delivery, and gives its place to the next', async () => {
    const stage = stageWith({}, { process: 1 });
    await stage.take('d1');
    await stage.take('d2');
    await stage.fail('d1', 'no access to control');
    expect(stage.news()).toEqual(['failed d1 no access to control']);
    expect(stage.inFlight).toEqual(['d2']);
  });
});
