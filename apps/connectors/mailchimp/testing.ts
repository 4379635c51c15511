// Calls and answers for the tests of the Mailchimp connector.
import type { Action, Call } from '@sluice/connector-kit';
import { answer } from '@sluice/connector-kit/fixtures.ts';
import type { Delivery } from '@sluice/contracts';
import { mailchimp } from './connector.ts';
import { metadata, type MailchimpMetadata } from './metadata.ts';

export const base = 'https://us1.api.mailchimp.com/3.0';
export const adaId = '3e3417d7ef77d5932a6734b916515ed5';
export const ada = { email_address: 'ada@example.com' };
export const credentials = { metadata: metadata.parse({ api_key: 'canary0123-us1' }), access: undefined };
export const action = (name: string) =>
  mailchimp.actions[name] as unknown as Action<MailchimpMetadata, unknown, unknown>;

/** Fields and input parsed by the action's shapes, as the host does. */
export function callOf(name: string, given: { fields?: object; input?: object; attempt?: number }) {
  return {
    ...credentials,
    delivery: {
      id: 'd1',
      event: 'lead.created',
      created_at: 0,
      attempt: given.attempt ?? 1,
      cycle_start: 1,
    } as Delivery,
    fields: action(name).fields?.parse({ id: 'a1', ...given.fields }),
    input: action(name).input?.parse(given.input ?? ada),
    nowMs: 0,
  } satisfies Call<MailchimpMetadata>;
}

export const problem = (status: number, title: string, detail = '') => answer(status, { title, status, detail });
export const exists = problem(400, 'Member Exists', 'a@b.co is already a list member.');
export const tooMany = 'a@b.co has signed up to a lot of lists very recently';
