// Authorizing a connection over the wire: beginning it, and what the vendor sends a person back with.
import * as z from 'zod';
import { time } from './primitives.ts';

const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).max(2_000);

export const oauthStart = z
  .object({
    redirect_uri: httpUrl.optional().meta({
      description: 'registered with the vendor; a page of yours there passes `code` and `state` on to /oauth/callback',
    }),
  })
  .meta({ id: 'OAuthStart' });
export type OAuthStart = z.infer<typeof oauthStart>;

export const oauthStartAnswer = z
  .object({
    url: z.string().meta({ description: 'where the person who authorizes has to go' }),
    state: z.string().meta({ description: 'serves once' }),
    expires_at: time,
  })
  .meta({ id: 'OAuthStarted' });

const fromVendor = z.string().max(4_000).optional();
export const oauthCallbackQuery = z.object({ state: fromVendor, code: fromVendor, error: fromVendor });
