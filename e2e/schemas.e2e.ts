// Contracts change only so that whoever reads or wrote before still can: the registry refuses everything else.
import { describe, expect, it } from '@jest/globals';
import { allTopics } from '@sluice/contracts';
import { facts, type Json } from './harness.ts';

const registry = (path: string, body?: unknown) =>
  fetch(`${facts.registry}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });

interface Registered {
  id: number;
  schema: string;
}

describe('the registry', () => {
  it('has the schema of every topic, with compatibility BACKWARD', async () => {
    for (const topic of allTopics(['webhook'])) {
      const latest = await registry(`/subjects/${topic.name}-value/versions/latest`);
      expect([topic.name, latest.status]).toEqual([topic.name, 200]);
      const config = (await (await registry(`/config/${topic.name}-value`)).json()) as Json;
      expect([topic.name, config['compatibilityLevel']]).toEqual([topic.name, 'BACKWARD']);
    }
  });

  it('refuses a breaking change of a schema and takes a compatible one', async () => {
    const { schema } = (await (await registry('/subjects/events-value/versions/latest')).json()) as Registered;
    const event = JSON.parse(schema) as { fields: Json[] };
    const withField = (field: Json) => JSON.stringify({ ...event, fields: [...event.fields, field] });
    const breaking = await registry('/subjects/events-value/versions', {
      schema: withField({ name: 'required', type: 'string' }),
    });
    expect(breaking.status).toBe(409);
    const check = await registry('/compatibility/subjects/events-value/versions/latest', {
      schema: withField({ name: 'optional', type: ['null', 'string'], default: null }),
    });
    expect(await check.json()).toMatchObject({ is_compatible: true });
    const still = (await (await registry('/subjects/events-value/versions/latest')).json()) as Registered;
    expect(still.schema).toBe(schema);
  });
});
