// The whole of an event's decisions in one sentence.
import { describe, expect, it } from '@jest/globals';
import type { DecisionAnswer } from '@sluice/api';
import { summaryOf } from './decisions.ts';

const routed = { event: 'deal.won', routed_at: new Date(0) };
const leaf = (path: string, ok: boolean) => ({ path, test: '[]', ok });
const decision = (explanation: DecisionAnswer['explanation'], rule_event: unknown = null): DecisionAnswer =>
  ({ explanation, rule_event }) as DecisionAnswer;

describe('the summary of decisions', () => {
  it.each([
    ['The event has not been routed yet.', { ...routed, routed_at: null }, []],
    ['The workspace had no such rule.', routed, []],
    ['No rule listens to deal.won.', routed, [decision([leaf('event', false)]), decision([leaf('resource', false)])]],
    [
      'No rule matched; of 1 that listen to deal.won, the first here came closest.',
      routed,
      [decision([leaf('event', true), leaf('payload.amount', false)]), decision([leaf('event', false)])],
    ],
    ['1 of 2 rules made a delivery.', routed, [decision([leaf('event', true)], {}), decision([leaf('event', false)])]],
  ])('is: %s', (sentence, event, decisions) => {
    expect(summaryOf(event, decisions)).toBe(sentence);
  });
});
