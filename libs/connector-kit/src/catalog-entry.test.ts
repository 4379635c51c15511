// What the catalog tells of a connector: everything that it declares, and nothing that it does not.
import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { neededBy } from './auth-scheme.ts';
import { catalogEntry } from './catalog-entry.ts';
import { byStatus } from './classify.ts';
import { actionsOf, defineConnector, type Connector } from './connector.ts';
import { fromPayload } from './from-payload.ts';
import { jsonRequest } from './http.ts';
import { secret } from './secret.ts';
import { baseUrl, credential } from './text.ts';

const metadata = z
  .strictObject({
    auth_scheme: z.enum(['key', 'oauth']).default('key'),
    api_key: secret(credential()).optional(),
    base_url: baseUrl.default('https://api.acme.example'),
  })
  .meta(neededBy({ key: ['api_key'], oauth: ['client_id'] }, 'key'));

type Metadata = z.infer<typeof metadata>;

const build = ({ metadata: { base_url: url } }: { metadata: Metadata }) => jsonRequest({ method: 'POST', url });
const defaultMapping = { schema_version: 2, map: fromPayload({ who: 'email' }) };

const plain: Connector<Metadata> = {
  slug: 'acme',
  label: 'Acme',
  apiVersion: null,
  authentication: 'key',
  metadata,
  classify: byStatus,
  actions: { tell: { label: 'Tell it', noun: 'event', idempotency: 'key', build } },
};

describe('an entry of the catalog', () => {
  it('says no more than the connector', () => {
    const { metadata: _metadata, ...entry } = catalogEntry(defineConnector(plain));
    expect(entry).toEqual({
      slug: 'acme',
      label: 'Acme',
      api_version: null,
      authentication: 'key',
      has_test: false,
      choices: [],
      has_record_fields: false,
      actions: { tell: { key: 'tell', label: 'Tell it', noun: 'event', idempotency: 'key' } },
    });
  });

  it('says all that the connector says', () => {
    const question = { build, read: () => [] };
    const add = actionsOf<Metadata>()({
      label: 'Add somebody',
      noun: 'member',
      fields: z.strictObject({ id: z.string().meta({ choices: 'lists' }) }),
      input: z.strictObject({ who: z.string() }),
      defaultMapping,
      idempotency: 'natural',
      build,
      batch: { max: 7, maxBytes: 1, build: () => build({ metadata: metadata.parse({}) }), read: () => [] },
    });
    const entry = catalogEntry<Metadata>({
      ...plain,
      limits: { concurrency: 2 },
      choices: { lists: question },
      recordFields: question,
      test: { build, read: () => ({ ok: true, message: '' }) },
      actions: { add },
    });
    expect(entry).toMatchObject({
      has_test: true,
      choices: ['lists'],
      has_record_fields: true,
      limits: { concurrency: 2 },
      actions: {
        add: {
          key: 'add',
          batch_max: 7,
          fields: { properties: { id: { type: 'string', choices: 'lists' } }, required: ['id'] },
          input: { properties: { who: { type: 'string' } }, additionalProperties: false },
          default_mapping: { schema_version: 2, map: { who: { '@path': 'email' } } },
        },
      },
    });
  });

  it('has the schema of what a connection is given: secrets marked, members needed by the scheme', () => {
    const schema = catalogEntry(plain).metadata;
    expect(schema).not.toHaveProperty('$schema');
    expect(schema).toMatchObject({
      additionalProperties: false,
      properties: {
        auth_scheme: { enum: ['key', 'oauth'], default: 'key' },
        api_key: { writeOnly: true, hint: 'must be printable ASCII without spaces' },
        base_url: { default: 'https://api.acme.example', format: 'uri' },
      },
      // The usual scheme also holds where none is named.
      allOf: [
        { if: { properties: { auth_scheme: { const: 'key' } } }, then: { required: ['api_key'] } },
        {
          if: { properties: { auth_scheme: { const: 'oauth' } }, required: ['auth_scheme'] },
          then: { required: ['client_id'] },
        },
      ],
    });
    expect(schema).not.toHaveProperty('required');
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
  });
});
