// Live choices put into the actions that take them; everything else stays as the catalog has it.
import { describe, expect, it } from '@jest/globals';
import type { CatalogAction } from '@sluice/contracts';
import { resolved } from './action-choices.ts';

const action = (fields?: CatalogAction['fields']): CatalogAction => ({
  key: 'add',
  label: 'Add',
  noun: 'list',
  idempotency: 'natural',
  ...(fields ? { fields } : {}),
});
const lists = [{ value: '7', label: 'Customers' }];
const fields = (member: Record<string, unknown>) => ({
  type: 'object',
  properties: { id: { type: 'string', ...member } },
});

describe('actions with what there is to choose', () => {
  it('have the choices where the connector named them', () => {
    const actions = resolved({ add: action(fields({ choices: 'lists' })) }, { lists: { choices: lists } });
    expect(actions.add).toEqual(action(fields({ choices: lists })));
  });

  it('say why there are none where the vendor could not be asked', () => {
    const actions = resolved({ add: action(fields({ choices: 'lists' })) }, { lists: { choices: [], problem: 'no' } });
    expect(actions.add?.fields).toEqual(fields({ choices: [], choices_problem: 'no' }));
  });

  it.each([
    ['no fields', action()],
    ['fields that are typed in', action(fields({}))],
    ['choices of a name that nobody offers', action(fields({ choices: 'toString' }))],
  ])('are left as they are: %s', (_what, given) => {
    expect(resolved({ add: given }, { lists: { choices: lists } })).toEqual({ add: given });
  });
});
