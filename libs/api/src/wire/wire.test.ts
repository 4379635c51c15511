// What may be sent to make and change things: bounds to the character, and texts that every part of the system can keep.
import { describe, expect, it } from '@jest/globals';
import { defaultPolicy, policyLimits } from '@sluice/contracts';
import type * as z from 'zod';
import { connectionInput, policy } from './connections.ts';
import { ruleInput, ruleUpdate } from './rules.ts';
import { workspaceInput, workspaceUpdate } from './workspaces.ts';

const id = '6ba7b810-9dad-41d1-80b4-00c04fd430c8';
const connection = { workspace: id, type: 'webhook', name: 'CRM', metadata: { url: 'https://example.com' } };
const rule = { workspace: id, connection: id, event: 'lead.created', metadata: { action: 'send_webhook' } };

/** The fields that do not fit. */
const wrong = (shape: z.ZodType, value: unknown): string[] =>
  shape.safeParse(value).error?.issues.map(({ path }) => path.join('.')) ?? [];

describe('a workspace', () => {
  it.each([
    [{ name: 'abc' }, []],
    [{ name: 'Team_1 - west', description: null }, []],
    [{ name: 'a'.repeat(50), description: 'd'.repeat(1_024) }, []],
    [{ name: 'ab' }, ['name']],
    [{ name: 'a'.repeat(51) }, ['name']],
    [{ name: 'größe' }, ['name']],
    [{ name: 'abc\n' }, ['name']],
    [{}, ['name']],
    [{ name: 'abc', description: 'd'.repeat(1_025) }, ['description']],
  ])('%j is refused at %j', (input, params) => {
    expect(wrong(workspaceInput, input)).toEqual(params);
  });

  it('may be changed in part', () => {
    expect(wrong(workspaceUpdate, {})).toEqual([]);
    expect(wrong(workspaceUpdate, { name: 'x' })).toEqual(['name']);
  });
});

describe('a connection', () => {
  it.each([
    [{}, []],
    [{ name: ' padded ' }, []],
    [{ name: 'n'.repeat(128), hidden: true, active: false, policy: { max_attempts: 3 } }, []],
    [{ name: ' ' }, ['name']],
    [{ name: 'n'.repeat(129) }, ['name']],
    [{ workspace: 'x', type: '' }, ['workspace', 'type']],
    [{ metadata: [] }, ['metadata']],
    [{ active: 'yes' }, ['active']],
    [{ policy: { max_atempts: 3 } }, ['policy']],
    [{ policy: { jitter: 2, timeout_ms: 0.5 } }, ['policy.jitter', 'policy.timeout_ms', 'policy.timeout_ms']],
  ])('with %j is refused at %j', (over, params) => {
    expect(wrong(connectionInput, { ...connection, ...over })).toEqual(params);
  });

  it('has a policy within its limits, which the default one is', () => {
    expect(wrong(policy, defaultPolicy)).toEqual([]);
    for (const [member, { min, max }] of Object.entries(policyLimits)) {
      expect(wrong(policy, { [member]: min })).toEqual([]);
      expect(wrong(policy, { [member]: max })).toEqual([]);
      expect(wrong(policy, { [member]: min - 1 })).toEqual([member]);
      expect(wrong(policy, { [member]: max + 1 })).toEqual([member]);
    }
  });
});

describe('a rule', () => {
  it.each([
    [{}, []],
    [{ resource: null, resource_id: 'a:1.b-c_d', metadata: { action: 'a', id: '7' } }, []],
    [{ event: '' }, ['event']],
    [{ event: 'x'.repeat(201) }, ['event']],
    [{ connection: 'x' }, ['connection']],
    [{ metadata: {} }, ['metadata.action']],
    [{ metadata: { action: '' } }, ['metadata.action']],
    [{ resource: 'my contact', resource_id: 'x'.repeat(65) }, ['resource', 'resource_id']],
  ])('with %j is refused at %j', (over, params) => {
    expect(wrong(ruleInput, { ...rule, ...over })).toEqual(params);
  });

  it('keeps its workspace and connection', () => {
    expect(ruleUpdate.parse({ workspace: id, connection: id, active: false })).toEqual({ active: false });
  });
});
