// The vendors of the stories about connectors: how a connection to each is set up, where its deliveries go, and what it says when it does not want one.
import type { Json } from './harness.ts';
import type { VendorAnswer } from './vendor-stand.ts';

export interface VendorSetting {
  metadata: (url: string) => Json;
  rule: Json;
  /** Where its deliveries go. */
  path: RegExp;
  /** What it answers to a delivery that it does not want, and the words of it that a reader needs. */
  refused: VendorAnswer & { says: string };
  /** What it answers to credentials that it takes no more. */
  expired: VendorAnswer;
}

export const vendors: Record<string, VendorSetting> = {
  hubspot: {
    metadata: (base_url) => ({ access_token: 'canary-hubspot', base_url }),
    rule: { action: 'upsert_contact' },
    path: /contacts\/batch\/upsert/,
    refused: {
      status: 400,
      body: { status: 'error', category: 'VALIDATION_ERROR', message: 'Property "score" does not exist' },
      says: 'score',
    },
    expired: {
      status: 401,
      body: { status: 'error', category: 'EXPIRED_AUTHENTICATION', message: 'The OAuth token used is expired' },
    },
  },
  salesforce: {
    metadata: (url) => ({
      auth_scheme: 'client_credentials',
      login_url: url,
      base_url: url,
      client_id: 'sluice',
      client_secret: 'canary-salesforce',
      external_id_field: 'Sluice_Id__c',
    }),
    rule: { action: 'upsert_lead' },
    path: /sobjects\/Lead/,
    refused: {
      status: 400,
      body: [{ errorCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'A lead needs a score', fields: [] }],
      says: 'A lead needs a score',
    },
    expired: {
      status: 401,
      body: [{ errorCode: 'INVALID_SESSION_ID', message: 'Session expired or invalid' }],
    },
  },
  mailchimp: {
    metadata: (url) => ({ api_key: 'canary-us21', base_url: `${url}/3.0` }),
    rule: { action: 'upsert_member', id: 'a36b032126' },
    path: /members/,
    refused: {
      status: 400,
      body: { status: 400, title: 'Invalid Resource', detail: 'ada@example.com looks fake or invalid' },
      says: 'looks fake',
    },
    expired: {
      status: 401,
      body: {
        status: 401,
        title: 'API Key Invalid',
        detail: "Your API key may be invalid, or you've attempted to access the wrong datacenter.",
      },
    },
  },
  intercom: {
    metadata: (base_url) => ({ access_token: 'canary-intercom', base_url }),
    rule: { action: 'upsert_contact' },
    path: /contacts/,
    refused: {
      status: 400,
      body: { type: 'error.list', errors: [{ code: 'parameter_invalid', message: 'Custom attribute is not valid' }] },
      says: 'Custom attribute',
    },
    expired: {
      status: 401,
      body: { type: 'error.list', errors: [{ code: 'unauthorized', message: 'Access Token Invalid' }] },
    },
  },
  slack: {
    metadata: (base_url) => ({ auth_scheme: 'token', bot_token: 'canary-slack', base_url }),
    rule: { action: 'send_message', id: 'C024BE91L', template: 'New lead: {{first_name}} <{{email}}>' },
    path: /chat\.postMessage/,
    refused: { status: 200, body: { ok: false, error: 'msg_too_long' }, says: 'msg_too_long' },
    expired: { status: 200, body: { ok: false, error: 'token_expired' } },
  },
  segment: {
    metadata: (base_url) => ({ write_key: 'canary-segment', base_url }),
    rule: { action: 'identify' },
    path: /v1/,
    refused: { status: 400, body: { success: false, message: 'malformed JSON' }, says: 'malformed JSON' },
    expired: { status: 401, body: { success: false, message: 'invalid writeKey' } },
  },
  posthog: {
    metadata: (base_url) => ({ api_key: 'canary-posthog', base_url }),
    rule: { action: 'capture' },
    path: /./,
    refused: {
      status: 400,
      body: { type: 'validation_error', code: 'invalid_payload', detail: 'distinct_id is too long' },
      says: 'distinct_id',
    },
    expired: {
      status: 401,
      body: { type: 'authentication_error', code: 'invalid_api_key', detail: 'API key is not valid' },
    },
  },
};
