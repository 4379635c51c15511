// What Slack is asked besides deliveries: whether the credentials are good, and which channels there are.
import {
  at,
  choicesOf,
  InputError,
  jsonOf,
  listAt,
  query,
  textAt,
  type Choice,
  type Question,
  type Tested,
} from '@sluice/connector-kit';
import { classify, wordOf } from './classify.ts';
import type { SlackMetadata } from './metadata.ts';
import { apiRequest, webhookRequest } from './requests.ts';

/** A live incoming webhook refuses an empty message, and posts nothing. */
const wordsOfLife = ['invalid_payload', 'missing_text_or_fallback_or_attachments', 'no_text', 'ok'];

export const test: Question<SlackMetadata, Tested> = {
  build: (credentials) =>
    credentials.metadata.auth_scheme === 'webhook'
      ? webhookRequest(credentials.metadata, {})
      : apiRequest(credentials, { method: 'POST', path: '/auth.test' }),
  read: (response) => {
    const body = jsonOf(response);
    if (at(body, 'ok') === true) {
      return { ok: true, message: `workspace ${textAt(body, 'team') ?? ''}, as ${textAt(body, 'user') ?? ''}` };
    }
    if (wordsOfLife.includes(wordOf(response) ?? '')) return { ok: true, message: 'the incoming webhook is there' };
    return { ok: false, message: classify(response, 0).message };
  },
};

/** Public ones: private ones would need one more scope, and may be named by their id. Slack lists fewer than 1,000 at a time. */
export const channels: Question<SlackMetadata, Choice[]> = {
  build: (credentials) => {
    if (credentials.metadata.auth_scheme === 'webhook') {
      throw new InputError('', 'an incoming webhook has its own channel');
    }
    const page = query({ types: 'public_channel', exclude_archived: true, limit: 999 });
    return apiRequest(credentials, { method: 'GET', path: `/conversations.list${page}` });
  },
  read: (response) => {
    const body = jsonOf(response);
    if (at(body, 'ok') !== true) throw new Error(classify(response, 0).message);
    return choicesOf(listAt(body, 'channels')).map(({ value, label }) => ({ value, label: `#${label}` }));
  },
};
