// Requests to PostHog: the project's key stands in the body.
import { jsonRequest, type HttpRequest } from '@sluice/connector-kit';
import type { PosthogMetadata } from './metadata.ts';

export function request(
  { base_url, api_key }: PosthogMetadata,
  path: string,
  json: Record<string, unknown>,
): HttpRequest {
  const url = `${base_url}${path}`;
  return { ...jsonRequest({ method: 'POST', url, json: { api_key, ...json } }), secrets: [api_key] };
}
