// A request to Intercom, in the connection's name.
import { jsonRequest, type Credentials, type HttpRequest, type PathRequest } from '@sluice/connector-kit';
import type { IntercomMetadata } from './metadata.ts';

/** Without it Intercom speaks whatever version the workspace has by default. */
export const apiVersion = '2.16';

const bases = {
  us: 'https://api.intercom.io',
  eu: 'https://api.eu.intercom.io',
  au: 'https://api.au.intercom.io',
} as const;

export const intercomRequest = (
  { metadata, access }: Credentials<IntercomMetadata>,
  { path, ...request }: PathRequest,
): HttpRequest =>
  jsonRequest({
    ...request,
    url: `${metadata.base_url ?? bases[metadata.region]}${path}`,
    authorization: `Bearer ${access?.token ?? metadata.access_token ?? ''}`,
    headers: { 'intercom-version': apiVersion },
  });
