// The engine under anything that may happen: every delivery ends once, told or parked, within the caps, and nothing passes a failure.
import { describe, expect, it } from '@jest/globals';
import type { Delivery } from '@sluice/contracts';
import fc from 'fast-check';
import { answer, failure } from '../testing/attempted.ts';
import { onStageClock, pass, Stage, type Part } from '../testing/engine-stage.ts';

onStageClock();

const process = 4;
const exchanges = {
  delivered: answer(200),
  rejected: answer(404),
  refused: answer(401),
  failed: answer(503),
  'rests shortly': answer(429, { headers: { 'retry-after': '2' } }),
  'rests long': answer(429, { headers: { 'retry-after': '30' } }),
  'timed out': failure({ layer: 'timeout', code: 'timed_out' }),
};
type Answer = keyof typeof exchanges;
const endsIt: readonly Answer[] = ['delivered', 'rejected'];

type Step =
  | { do: 'take'; connection: string; key: string | null }
  | { do: 'switch'; connection: string }
  | { do: 'answer'; which: number; by: Answer }
  | { do: 'pass'; ms: number }
  | { do: 'break'; which: number }
  | { do: 'go wrong'; part: Part | undefined }
  | { do: 'drain' };

const stepsOf = (orders: object, weights: Partial<Record<Step['do'], number>>) => {
  const connection = fc.constantFrom(...Object.keys(orders));
  const steps: Record<Step['do'], fc.Arbitrary<Step>> = {
    take: fc.record({ do: fc.constant('take'), connection, key: fc.constantFrom(null, 'k', 'l') }),
    switch: fc.record({ do: fc.constant('switch'), connection }),
    answer: fc.record({
      do: fc.constant('answer'),
      which: fc.nat(9),
      by: fc.oneof(fc.constantFrom(...endsIt), fc.constantFrom(...(Object.keys(exchanges) as Answer[]))),
    }),
    pass: fc.record({ do: fc.constant('pass'), ms: fc.constantFrom(1, 500, 3_000, 12_000, 60_000) }),
    break: fc.record({ do: fc.constant('break'), which: fc.nat(9) }),
    'go wrong': fc.record({
      do: fc.constant('go wrong'),
      part: fc.constantFrom(undefined, 'tell', 'park', 'remember', 'connection'),
    }),
    drain: fc.record({ do: fc.constant('drain') }),
  };
  const all = { take: 8, answer: 7, pass: 2, switch: 1, ...weights };
  const weighted = Object.entries(all).map(([name, weight]) => ({ weight, arbitrary: steps[name as Step['do']] }));
  return fc.array(fc.oneof(...weighted), { maxLength: 60, size: 'max' });
};

/** Deliveries are numbered as they come. */
class Play {
  readonly stage = new Stage({ process });
  readonly taken: string[] = [];
  /** What was delivered or rejected. */
  readonly over = new Set<string>();
  private readonly off = new Set<string>();
  /** What a drain would bring back: parked, or to be tried again. */
  private readonly lot = new Map<string, Delivery>();

  constructor(orders: Readonly<Record<string, string>>) {
    for (const [id, order] of Object.entries(orders)) this.stage.connect(id, { policy: { order } });
  }

  async step(step: Step): Promise<void> {
    await this.act(step);
    const { stage } = this;
    for (const delivery of [...stage.parked.splice(0).map((each) => each.delivery), ...stage.failed.splice(0)])
      this.lot.set(delivery.parking_id ?? '', delivery);
  }

  /** Until nothing is in hand, or nothing is left of the line either. */
  async finish(isLine: boolean): Promise<void> {
    for (const connection of this.off) await this.step({ do: 'switch', connection });
    await this.step({ do: 'go wrong', part: undefined });
    const { stage } = this;
    while (stage.running.length > 0 || stage.engine.stats.waiting > 0 || (isLine && this.lot.size > 0)) {
      if (stage.running.length > 0) await this.step({ do: 'answer', which: 0, by: 'delivered' });
      else await this.step({ do: 'pass', ms: 60_000 });
      if (isLine) await this.step({ do: 'drain' });
    }
  }

  private async act(step: Step): Promise<void> {
    switch (step.do) {
      case 'take':
        this.taken.push(`d${this.taken.length}`);
        return this.stage.take(`d${this.taken.length - 1}`, { connection_id: step.connection, resource_id: step.key });
      case 'switch':
        if (!this.off.delete(step.connection)) this.off.add(step.connection);
        return this.stage.connect(step.connection, { active: !this.off.has(step.connection) });
      case 'answer':
        return this.answer(step.which, step.by);
      case 'pass':
        return pass(step.ms);
      case 'break':
        return this.running(step.which) && this.stage.fail(this.running(step.which)?.delivery.id ?? '', 'broken');
      case 'go wrong':
        this.stage.before = (part) =>
          part === step.part ? Promise.reject(new Error(`no ${part}`)) : Promise.resolve();
        return;
      case 'drain':
        return this.drain();
    }
  }

  private async answer(which: number, by: Answer): Promise<void> {
    const running = this.running(which);
    if (!running) return;
    const { id } = running.delivery;
    if (endsIt.includes(by) && !running.signal.aborted) this.over.add(id);
    await this.stage.answer(id, exchanges[by]);
  }

  private async drain(): Promise<void> {
    const [first] = [...this.lot.keys()].sort();
    const delivery = this.lot.get(first ?? '');
    if (first === undefined || !delivery) return;
    this.lot.delete(first);
    await this.stage.take(delivery.id, { ...delivery, is_low: true });
  }

  private running(which: number) {
    const { running } = this.stage;
    return running[which % running.length];
  }
}

describe('whatever happens', () => {
  const orders = { a: 'unordered', b: 'unordered', c: 'per_key', d: 'strict' };

  /** No more at a time than the process, a key or a strict line may have. */
  const expectCaps = ({ stage: { running } }: Play): void => {
    const going = running.filter(({ signal }) => !signal.aborted).map(({ delivery }) => delivery);
    expect(going.length).toBeLessThanOrEqual(process);
    const keys = going.flatMap(({ connection_id, resource_id }) =>
      connection_id === 'd' ? ['line'] : connection_id === 'c' ? (resource_id ?? []) : [],
    );
    expect(keys).toEqual([...new Set(keys)]);
  };

  it('a delivery is told or parked once and done, or has failed; within the caps', async () => {
    const steps = stepsOf(orders, { break: 1, 'go wrong': 1 });
    await fc.assert(
      fc.asyncProperty(steps, async (given) => {
        const play = new Play(orders);
        for (const step of given) {
          await play.step(step);
          expectCaps(play);
        }
        await play.finish(false);
        const { lines } = play.stage;
        for (const id of play.taken) {
          const of = (verbs: string[]) =>
            lines.filter((line) => verbs.some((verb) => `${line} `.startsWith(`${verb} ${id} `)));
          const done = of(['done']).length;
          expect(done + of(['failed']).length).toBe(1);
          // What failed in strict order is told, and parked to be tried again.
          const written = of(['told', 'parked']).filter((line) => !line.endsWith('strict_retry')).length;
          if (done === 1 || written > 1) expect(written).toBe(1);
        }
        expect(play.stage.engine.stats).toMatchObject({ waiting: 0, inFlight: 0, slow: 0, low: 0 });
      }),
      { numRuns: 300 },
    );
  });
});

describe('in strict order, with a drain that brings back what was parked or failed', () => {
  it('nothing is attempted before all that came before it is over, and in the end the line is live', async () => {
    const orders = { line: 'strict', other: 'unordered' };
    await fc.assert(
      fc.asyncProperty(stepsOf(orders, { drain: 4 }), async (given) => {
        const play = new Play(orders);
        const line: string[] = [];
        const passedOver: string[] = [];
        play.stage.onAttempt = ({ id, connection_id }) => {
          if (connection_id !== 'line') return;
          if (!line.includes(id)) line.push(id);
          passedOver.push(...line.slice(0, line.indexOf(id)).filter((each) => !play.over.has(each)));
        };
        for (const step of given) await play.step(step);
        await play.finish(true);
        expect(passedOver).toEqual([]);
        expect(line).toEqual([...line].sort((a, b) => Number(a.slice(1)) - Number(b.slice(1))));
        await play.stage.take('live', { connection_id: 'line' });
        expect(play.stage.inFlight).toEqual(['live']);
      }),
      { numRuns: 300 },
    );
  });
});
