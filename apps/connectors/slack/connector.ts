// The Slack connector: a message for each delivery, to a channel by the Web API or through an incoming webhook.
import { defineConnector } from '@sluice/connector-kit';
import { classify } from './classify.ts';
import { metadata } from './metadata.ts';
import { channels, test } from './questions.ts';
import { sendMessage } from './send-message.ts';

export const slack = defineConnector({
  slug: 'slack',
  label: 'Slack',
  apiVersion: null,
  authentication: 'bot token, OAuth 2 or incoming webhook',
  metadata,
  oauth: {
    schemes: { oauth: 'authorization_code' },
    authorize_url: '{base_url}/oauth/v2/authorize',
    token_url: '{base_url}/api/oauth.v2.access',
    scopes: ['chat:write', 'chat:write.public', 'channels:read'],
    scope_separator: ',',
    pkce: false,
    // Apps without token rotation have tokens without an end.
    lifetime_s: null,
  },
  // For one channel, and for an incoming webhook; bursts are let pass.
  limits: { rate: { limit: 1, per: 'second' } },
  classify,
  actions: { send_message: sendMessage },
  test,
  choices: { channels },
});
