// What a Segment connection is configured with. Control checks it by the JSON Schema made of this.
import { baseUrl, secret, text } from '@sluice/connector-kit';
import * as z from 'zod';

export const metadata = z.strictObject({
  // A colon would end the name in HTTP's Basic.
  write_key: secret(
    text(/^[\x21-\x39\x3b-\x7e]+$/, 'must be printable ASCII without spaces and colons', { min: 1, max: 256 }),
  ).meta({ description: 'of the source (Segment: Connections, Sources, Settings, API Keys)' }),
  base_url: baseUrl
    .meta({
      description: 'without /v1: https://events.eu1.segmentapis.com for the EU, or whatever else speaks this API',
    })
    .default('https://api.segment.io'),
});

export type SegmentMetadata = z.infer<typeof metadata>;
