// An event's decisions: those that matter first, and the whole of them in one sentence.
import { describe, expect, it } from '@jest/globals';
import type { DecisionAnswer } from '@sluice/api';
import type { Rule } from '@sluice/contracts';
import type { EventRow } from '@sluice/persistence';
import { decisionsOf, summaryOf } from './decisions.ts';

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

describe('the decisions', () => {
  const rule = (id: string, event: string, conditions: object | null): Rule => ({
    ...{ id, workspace_id: 'w', connection_id: 'c', connector: 'webhook', version: 1, event, active: true },
    ...{ resource: null, resource_id: null, action: 'send_webhook', action_settings: '{}' },
    ...{ conditions: conditions && JSON.stringify(conditions), mapping: null, mapping_version: null },
  });

  it('begin with the rule that came closest: one for the event before any for others, then by what is false', () => {
    const asked = { event: 'deal.won', resource: null, resource_id: null, routed_at: new Date(0) };
    const rules = [
      rule('other', 'lead.created', null),
      rule('two false', 'deal.won', { payload: { amount: [{ numeric: ['>', 100] }], stage: ['won'] } }),
      rule('one false', 'deal.*', { payload: { amount: [{ numeric: ['>', 100] }] } }),
    ].map((each) => ({ rule: each, made_at: new Date(0), deleted_at: null }));
    const decisions = decisionsOf({
      event: asked as EventRow,
      payload: { amount: 10, stage: 'lost' },
      rules,
      deliveries: [],
      at: new Date(0),
    });
    expect(decisions.map(({ rule: id, reason }) => [id, reason])).toEqual([
      ['one false', 'conditions_false'],
      ['two false', 'conditions_false'],
      ['other', 'other_event'],
    ]);
    expect(summaryOf({ ...asked }, decisions)).toContain('of 2 that listen to deal.won, the first here came closest');
  });
});
