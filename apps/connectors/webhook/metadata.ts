// What a webhook connection is configured with. Control checks it by the JSON Schema made of this.
import { credential, neededBy, secret, text } from '@sluice/connector-kit';
import * as z from 'zod';

/** Headers that are ours or the connection's to set, in lower case. */
const reservedHeaders = [
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'cookie',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'user-agent',
];
const reservedPrefixes = ['webhook-', 'x-sluice-', 'proxy-', 'sec-'];

/** JSON Schema patterns know no flags: each letter becomes [Aa]. */
const anyCase = (text: string): string => text.replaceAll(/[a-z]/g, (letter) => `[${letter.toUpperCase()}${letter}]`);

const headerName = (reserved: readonly string[]) =>
  new RegExp(
    `^(?!(?:${reserved.map(anyCase).join('|')})$)(?!${reservedPrefixes.map(anyCase).join('|')})[A-Za-z0-9!#$%&'*+.^_\`|~-]{1,100}$`,
  );
const headerValue = text(/^[\t\x20-\x7e]*$/, 'must be printable ASCII', { min: 1, max: 1_024 });
const signingSecret = text(/^whsec_[A-Za-z0-9+/]{32,86}={0,2}$/, 'must be whsec_ and 24 to 64 bytes in base64', {
  min: 1,
  max: 100,
});
const url = text(
  new RegExp(`^${anyCase('https')}?://[^\\s/?#@\\\\]+([/?#][^\\s\\\\]*)?$`),
  'must be an http or https URL without user info',
  { min: 1, max: 2_048 },
).meta({ format: 'uri', description: 'where requests go' });

export const metadata = z
  .strictObject({
    url,
    http_method: z.enum(['POST', 'PUT', 'PATCH']).default('POST'),
    payload_mode: z.enum(['wrapped', 'raw']).default('wrapped').meta({
      description:
        "wrapped: the event's envelope with the payload as data; raw: the payload alone, the rest in headers",
    }),
    auth_scheme: z.enum(['none', 'basic', 'bearer', 'header']).default('none'),
    auth_username: text(/^[^:\p{Cc}]+$/u, 'must have no colon', { min: 1, max: 256 }).optional(),
    auth_password: secret(z.string().min(1).max(1_024)).optional(),
    auth_token: secret(credential(4_096)).optional(),
    auth_header_name: text(headerName(reservedHeaders), 'is not a header name that may be set', {
      min: 1,
      max: 100,
    }).optional(),
    auth_header_value: secret(headerValue).optional(),
    headers: secret(
      z
        .record(z.string().regex(headerName([...reservedHeaders, 'authorization'])), headerValue)
        .meta({ maxProperties: 5, description: 'up to five more headers; their values are treated as secrets' }),
    ).optional(),
    signing: z.boolean().default(true).meta({ description: 'sign by Standard Webhooks' }),
    signing_secret: secret(signingSecret)
      .meta({ generate: 'whsec', description: 'made when none is given' })
      .optional(),
    signing_secret_previous: secret(signingSecret)
      .meta({ description: 'signs too, while the receiver changes over' })
      .optional(),
  })
  .meta(
    neededBy({
      basic: ['auth_username', 'auth_password'],
      bearer: ['auth_token'],
      header: ['auth_header_name', 'auth_header_value'],
    }),
  );

export type WebhookMetadata = z.infer<typeof metadata>;
