// Connections with an order: what nothing may pass, what is parked behind it, and when the line is live again.
import { describe, expect, it } from '@jest/globals';
import { answer, failure, nowMs } from '../testing/attempted.ts';
import { onStageClock, pass, stageWith, type Stage } from '../testing/engine-stage.ts';

onStageClock();

const strict = { order: 'strict' };

/** A strict line of which `d1` has failed, with `d2` behind it and `d3` come since. */
async function brokenLine(exchange = answer(503)): Promise<Stage> {
  const stage = stageWith(strict);
  await stage.take('d1');
  await stage.take('d2');
  expect(stage.inFlight).toEqual(['d1']);
  await stage.answer('d1', exchange);
  await stage.take('d3');
  return stage;
}

const parkedOf = (stage: Stage) => stage.news().filter((line) => line.startsWith('parked'));

/** What failed comes back from the front of the line. */
const again = async (stage: Stage): Promise<void> => {
  const head = stage.parked.shift();
  expect(head?.reason).toBe('strict_retry');
  if (head) await stage.release(head);
};

describe('in strict order', () => {
  it.each([
    ['fails', answer(503)],
    ['is not answered', failure()],
    ['is refused for now', answer(401)],
  ])('everything goes behind a delivery that %s, which keeps its place', async (_, exchange) => {
    const stage = await brokenLine(exchange);
    expect(parkedOf(stage)).toEqual(['parked d1 strict_retry', 'parked d2 behind', 'parked d3 behind']);
    expect(stage.inFlight).toEqual([]);
    const place = '0000000000000009-d1';
    expect(stage.parked[0]).toMatchObject({ id: place, delivery: { id: 'd1', attempt: 3, parking_id: place } });
    expect(stage.parked[0]?.not_before).toBeGreaterThan(nowMs);
    // It is followed up: retry is not to do it once more.
    expect(stage.failed).toEqual([]);
    expect(stage.records.get('a')).toMatchObject({ state: 'closed', diverted_to: '0000000000000011-d3' });
  });

  it('also behind one that could not be sent, and from a process that hears of it only', async () => {
    const stage = stageWith(strict);
    stage.connect('a', { isSealed: true });
    await stage.take('d1');
    await stage.take('d2');
    await stage.answer('d1');
    expect(parkedOf(stage)).toEqual(['parked d1 strict_retry', 'parked d2 behind']);
    const other = stageWith(strict);
    other.engine.recall('a', stage.records.get('a') ?? null);
    await other.take('d3');
    expect(other.news()).toEqual(['parked d3 behind', 'done d3']);
  });

  it('one that has used up its attempts is left to retry, which buries it', async () => {
    const stage = stageWith({ ...strict, max_attempts: 1 });
    await stage.failing('d1');
    expect(stage.parked).toEqual([]);
    expect(stage.failed).toMatchObject([{ id: 'd1', parking_id: '0000000000000009-d1' }]);
  });

  it('nothing goes behind one that is rejected for good', async () => {
    const stage = await brokenLine(answer(404));
    expect(stage.inFlight).toEqual(['d2']);
    expect(stage.records.size).toBe(0);
  });

  it('what is released passes, and after the last of the line what comes is taken again', async () => {
    const stage = await brokenLine();
    await again(stage);
    await stage.answer('d1');
    for (const parked of stage.parked.splice(0)) {
      await stage.take(`behind ${parked.delivery.id}`);
      expect(stage.inFlight).toEqual([]);
      await stage.release(parked);
      expect(stage.inFlight).toEqual([parked.delivery.id]);
      await stage.answer(parked.delivery.id);
    }
    const [, last] = stage.parked;
    for (const parked of [...stage.parked]) await stage.release(parked);
    await stage.answer('behind d2');
    expect(stage.records.get('a')).toMatchObject({ diverted_to: last?.id });
    await stage.answer('behind d3');
    expect(stage.records.get('a')).toBeNull();
    await stage.take('live');
    expect(stage.inFlight).toEqual(['live']);
  });

  it('the line is live again too when nothing came behind the one that failed', async () => {
    const stage = stageWith(strict);
    await stage.failing('d1');
    expect(stage.records.get('a')).toMatchObject({ diverted_to: '0000000000000009-d1' });
    await again(stage);
    await stage.answer('d1');
    await stage.take('d2');
    expect(stage.inFlight).toEqual(['d2']);
    expect(stage.records.get('a')).toBeNull();
  });

  it('what came while the connection was switched off stands before what comes afterwards', async () => {
    const stage = stageWith(strict);
    stage.connect('a', { active: false });
    await stage.take('d1');
    stage.connect('a', { active: true });
    await stage.take('d2');
    expect(parkedOf(stage)).toEqual(['parked d1 connection_inactive', 'parked d2 behind']);
  });

  it('what was not cut because it cannot be repeated ends the line that it held up', async () => {
    const stage = stageWith(strict, { process: 4 });
    stage.connect('b');
    await stage.take('slow', { connection_id: 'b' });
    await stage.take('d1', { action: 'once' });
    await pass(3_000);
    await stage.answer('slow');
    await stage.answer('d1');
    await stage.take('d2');
    expect(stage.inFlight).toEqual(['d2']);
  });
});

describe('in the order of keys', () => {
  it('one at a time of each resource id, in the order they came; other ids go on', async () => {
    const stage = stageWith({ order: 'per_key' });
    for (const id of ['x1', 'x2', 'y1', 'x3', 'none']) await stage.take(id, { resource_id: id[0] ?? null });
    expect(stage.inFlight).toEqual(['x1', 'y1', 'none']);
    await stage.answer('x1');
    await stage.answer('x2');
    expect(stage.inFlight).toEqual(['y1', 'none', 'x3']);
  });

  it('a delivery that failed comes again behind its followers', async () => {
    const stage = stageWith({ order: 'per_key' });
    for (const id of ['x1', 'x2']) await stage.take(id, { resource_id: 'x' });
    await stage.answer('x1', answer(503));
    expect(stage.inFlight).toEqual(['x2']);
    expect(stage.failed).toMatchObject([{ id: 'x1', parking_id: '0000000000000009-x1' }]);
  });
});
