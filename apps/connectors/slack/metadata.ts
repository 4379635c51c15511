// What a Slack connection is configured with. Control checks it by the JSON Schema made of this.
import { baseUrl, credential, neededBy, secret, text } from '@sluice/connector-kit';
import * as z from 'zod';

export const metadata = z
  .strictObject({
    auth_scheme: z.enum(['token', 'oauth', 'webhook']).meta({
      description: "token: a bot token; oauth: the app is agreed to in Slack; webhook: an incoming webhook's URL",
    }),
    bot_token: secret(credential()).meta({ description: 'xoxb-..., of an app with the scope chat:write' }).optional(),
    client_id: credential().optional(),
    client_secret: secret(credential()).optional(),
    webhook_url: secret(
      text(
        /^https?:\/\/[^\s/?#@\\]+\/services\/[A-Za-z0-9_-]+\/[A-Za-z0-9_-]+\/[A-Za-z0-9_-]+$/,
        'must be the URL of an incoming webhook, https://hooks.slack.com/services/...',
        { min: 1, max: 512 },
      ),
    )
      .meta({ format: 'uri', description: 'whoever has it can post to its channel' })
      .optional(),
    base_url: baseUrl.meta({ description: 'for GovSlack, proxies and tests' }).default('https://slack.com'),
  })
  .meta(neededBy({ token: ['bot_token'], oauth: ['client_id', 'client_secret'], webhook: ['webhook_url'] }));

export type SlackMetadata = z.infer<typeof metadata>;
