// The actions that create a record each time: a task of a person, or any object. Salesforce takes no key of ours for them.
import { actionsOf, path } from '@sluice/connector-kit';
import * as z from 'zod';
import { classify } from '../classify.ts';
import { apiName, type SalesforceMetadata } from '../metadata.ts';
import { contactMapping, person, upsert, withId } from '../person.ts';
import { rest } from '../request.ts';

const action = actionsOf<SalesforceMetadata>();

export const createRecord = action({
  label: 'Create a record',
  noun: 'record',
  fields: z.strictObject({ object: apiName.meta({ choices: 'objects', description: 'the object, by its API name' }) }),
  input: z.looseObject({}),
  idempotency: 'none',
  build: (call) => rest(call, { method: 'POST', path: path`/sobjects/${call.fields.object}`, json: call.input }),
});

export const createTask = action({
  label: 'Create a task for the person',
  noun: 'task',
  input: z.strictObject({ person, task: z.looseObject({ Subject: z.string().min(1).max(255) }) }),
  defaultMapping: {
    schema_version: 2,
    map: {
      person: contactMapping,
      task: {
        Subject: { '@event': 'type' },
        Status: 'Completed',
        ActivityDate: { '@date': { value: { '@event': 'created_at' }, to: 'date' } },
        Description: {
          '@substring': { value: { '@json': { '@path': '' } }, start: 0, length: 32_000 },
          '@on_error': 'skip_field',
        },
      },
    },
  },
  idempotency: 'none',
  build: (call) => upsert(call, call.metadata.person, call.input.person),
  read: (response, call, nowMs) =>
    withId(response, nowMs, (id) => ({
      then: rest(call, { method: 'POST', path: '/sobjects/Task', json: { ...call.input.task, WhoId: id } }),
      read: classify,
    })),
});
