// What a PostHog connection is configured with. Control checks it by the JSON Schema made of this.
import { baseUrl, secret, text } from '@sluice/connector-kit';
import * as z from 'zod';

export const metadata = z.strictObject({
  api_key: secret(text(/^[A-Za-z0-9_-]+$/, 'must be letters, digits, _ and - only', { min: 8, max: 256 })).meta({
    description: "the project's key, phc_... (Settings, Project, General); not a personal one",
  }),
  base_url: baseUrl
    .meta({ description: 'https://eu.i.posthog.com for the EU, or a host of your own' })
    .default('https://us.i.posthog.com'),
});

export type PosthogMetadata = z.infer<typeof metadata>;
