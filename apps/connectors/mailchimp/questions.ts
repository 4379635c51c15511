// What Mailchimp is asked besides deliveries: whether it knows us, and which audiences there are.
import {
  choicesOf,
  jsonOf,
  listAt,
  query,
  tested,
  textAt,
  type Choice,
  type Question,
  type Tested,
} from '@sluice/connector-kit';
import { classify } from './classify.ts';
import type { MailchimpMetadata } from './metadata.ts';
import { mailchimpRequest } from './request.ts';

export const ping: Question<MailchimpMetadata, Tested> = {
  build: (by) => mailchimpRequest(by, { method: 'GET', path: '/ping' }),
  read: tested(classify, (body) => {
    const health = textAt(body, 'health_status');
    return health === undefined ? undefined : `Mailchimp says: ${health}`;
  }),
};

export const lists: Question<MailchimpMetadata, Choice[]> = {
  build: (by) =>
    mailchimpRequest(by, {
      method: 'GET',
      path: `/lists${query({ count: 1_000, fields: 'lists.id,lists.name' })}`,
    }),
  read: (response) => choicesOf(listAt(jsonOf(response), 'lists')),
};
