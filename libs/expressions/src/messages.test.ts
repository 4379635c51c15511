// The runner takes from its processes what has the form of answers and nothing else.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readAnswers, type AnswersMessage } from './messages.ts';

describe('a message of a process', () => {
  it.each<AnswersMessage>([
    { cpuMicros: 0, answers: [] },
    { cpuMicros: 5, answers: [{ micros: 1, text: '{}' }, { micros: 1 }, { micros: 2, failed: 'no', tooLarge: true }] },
    { cpuMicros: 5, answers: [{ micros: 1, problems: [{ param: '', msg: 'm' }] }] },
  ])('with answers is read: %j', (message) => {
    expect(readAnswers(message)).toEqual(message);
  });

  it.each([
    [undefined],
    [null],
    ['text'],
    [{}],
    [{ cpuMicros: 'x', answers: [] }],
    [{ cpuMicros: 1, answers: [null] }],
    [{ cpuMicros: 1, answers: [{ text: '1' }] }],
    [{ cpuMicros: 1, answers: [{ micros: -1 }] }],
    [{ cpuMicros: 1, answers: [{ micros: 1, text: {} }] }],
    [{ cpuMicros: 1, answers: [{ micros: 1, failed: 1 }] }],
    [{ cpuMicros: 1, answers: [{ micros: 1, problems: [{}] }] }],
  ])('of another form is not: %j', (message) => {
    expect(readAnswers(message)).toBeUndefined();
  });

  it('never makes it throw', () => {
    fc.assert(fc.property(fc.anything(), (message) => void readAnswers(message)));
  });
});
