// A request to Mailchimp, in the connection's name.
import { basic, jsonRequest, type Credentials, type HttpRequest, type PathRequest } from '@sluice/connector-kit';
import type { MailchimpMetadata } from './metadata.ts';

export function mailchimpRequest(
  { metadata, access }: Credentials<MailchimpMetadata>,
  { path, ...request }: PathRequest,
): HttpRequest {
  const { auth_scheme, api_key = '', data_center, base_url } = metadata;
  const isKey = auth_scheme === 'api_key';
  const center = isKey ? api_key.slice(api_key.lastIndexOf('-') + 1) : data_center;
  return jsonRequest({
    ...request,
    url: `${base_url ?? `https://${center}.api.mailchimp.com/3.0`}${path}`,
    // Mailchimp takes any user name.
    authorization: isKey ? basic('sluice', api_key) : `Bearer ${access?.token ?? ''}`,
  });
}
