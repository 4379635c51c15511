// What connectors report about connections: what is taken from it, and what is left alone.
import { describe, expect, it } from '@jest/globals';
import type { ConnectionState } from '@sluice/contracts';
import { ConnectionStates } from './connection-states.ts';

const record = (state: string): ConnectionState => ({
  connection_id: 'c1',
  workspace_id: 'w1',
  connection_version: 3,
  state,
  message: 'the destination answered 410: it is gone',
  at: 0,
});

describe('what a connector found out about a connection', () => {
  it.each([
    ['authentication_invalid', [['c1', { reason: 'authentication_invalid', version: 3 }]]],
    ['destination_gone', [['c1', { reason: 'destination_gone', version: 3 }]]],
    ['a state of a newer release', []],
  ])('makes that version of it inactive where it has to be: %s', async (state, expected) => {
    const calls: unknown[] = [];
    const states = new ConnectionStates({
      inactivate: (...call) => {
        calls.push(call);
        return Promise.resolve();
      },
    });
    await states.apply(record(state));
    expect(calls).toEqual(expected);
  });
});
