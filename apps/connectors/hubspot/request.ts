// A request to HubSpot, in the connection's name.
import { jsonRequest, type Credentials, type HttpRequest, type PathRequest } from '@sluice/connector-kit';
import type { HubspotMetadata } from './metadata.ts';

export const hubspotRequest = (
  { metadata, access }: Credentials<HubspotMetadata>,
  { path, ...request }: PathRequest,
): HttpRequest =>
  jsonRequest({
    ...request,
    url: `${metadata.base_url}${path}`,
    authorization: `Bearer ${access?.token ?? metadata.access_token ?? ''}`,
  });
