// The gate: in order, never beyond the room there is, nothing forgotten.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Gate } from './gate.ts';

describe('a gate', () => {
  it('starts everything once, in order, and nothing while there is no room', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constant('arrive'), fc.constant('free'))), (steps) => {
        let room = 2;
        let arrived = 0;
        const started: number[] = [];
        const gate = new Gate(() => room > 0);
        const start = (id: number) => () => {
          expect(room).toBeGreaterThan(0);
          room--;
          started.push(id);
        };
        for (const step of steps) {
          if (step === 'arrive') gate.pass(start(arrived++), () => undefined);
          else {
            room++;
            gate.open();
          }
        }
        room = arrived;
        gate.open();
        expect(started).toEqual(Array.from({ length: arrived }, (_, id) => id));
      }),
    );
  });

  it('lets go of what has not started when it closes, and of what comes after', () => {
    const gate = new Gate(() => false);
    const letGo: string[] = [];
    gate.pass(
      () => letGo.push('started'),
      () => letGo.push('first'),
    );
    gate.close();
    gate.pass(
      () => letGo.push('started'),
      () => letGo.push('second'),
    );
    expect(letGo).toEqual(['first', 'second']);
  });
});
