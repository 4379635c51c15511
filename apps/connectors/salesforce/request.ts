// Requests to the REST API: where they go, what proves who asks, and SOQL where nothing else finds a record.
import { jsonRequest, query, type Credentials, type HttpRequest, type PathRequest } from '@sluice/connector-kit';
import type { SalesforceMetadata } from './metadata.ts';

/** The path is what comes below the version: `/sobjects/Lead`. */
export const rest = (
  { metadata, access }: Credentials<SalesforceMetadata>,
  { path, ...request }: PathRequest,
): HttpRequest =>
  jsonRequest({
    ...request,
    url: `${metadata.base_url ?? access?.baseUrl ?? metadata.login_url}/services/data/${metadata.api_version}${path}`,
    authorization: `Bearer ${access?.token ?? ''}`,
    headers: metadata.allow_duplicates ? { 'sforce-duplicate-rule-header': 'allowSave=true' } : {},
  });

/** A SOQL query: what stands in it is a name of ours, or made by `quoted`. */
export const soql = (credentials: Credentials<SalesforceMetadata>, q: string): HttpRequest =>
  rest(credentials, { method: 'GET', path: `/query${query({ q })}` });

/** A text as SOQL has it: JSON's escapes hold there too, and a single quote has one. */
export const quoted = (text: string): string => `'${JSON.stringify(text).slice(1, -1).replaceAll("'", "\\'")}'`;
