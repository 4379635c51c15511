// Requests to Slack's two doors: the Web API with a token, and an incoming webhook, whose URL is its secret.
import { jsonRequest, type Credentials, type HttpRequest, type PathRequest } from '@sluice/connector-kit';
import type { SlackMetadata } from './metadata.ts';

// Slack warns in each answer when the charset is not said.
const headers = { 'content-type': 'application/json; charset=utf-8' };

/** A method of the Web API, with its arguments where they are not in the path. */
export const apiRequest = (
  { metadata, access }: Credentials<SlackMetadata>,
  { path, ...request }: PathRequest,
): HttpRequest =>
  jsonRequest({
    ...request,
    url: `${metadata.base_url}/api${path}`,
    authorization: `Bearer ${access?.token ?? metadata.bot_token ?? ''}`,
    headers: request.json === undefined ? {} : headers,
  });

/** What the connection's incoming webhook is given. */
export function webhookRequest({ webhook_url: url = '' }: SlackMetadata, json: Record<string, unknown>): HttpRequest {
  // An answer may repeat the last part of the URL, and that alone is the secret.
  const secrets = [url, url.slice(url.lastIndexOf('/') + 1)];
  return { ...jsonRequest({ method: 'POST', url, json, headers: { ...headers, accept: 'text/plain' } }), secrets };
}
