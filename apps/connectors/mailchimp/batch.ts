// Several members of one audience in one request.
import {
  classified,
  delivered,
  jsonOf,
  listAt,
  path,
  textAt,
  withFirst,
  type Batch,
  type Classification,
} from '@sluice/connector-kit';
import { attemptOf, classify, refusal } from './classify.ts';
import { validation, type Member, type MemberCall } from './member.ts';
import type { MailchimpMetadata } from './metadata.ts';
import { mailchimpRequest } from './request.ts';

export const memberBatch = <F extends { id: string }>(
  recordOf: (call: MemberCall<F>) => Member,
): Batch<MailchimpMetadata, F, Member> => ({
  // Mailchimp takes 500, and answers with all that it knows of each, which is more than the host reads.
  max: 100,
  maxBytes: 1_000_000,
  // Here Mailchimp has only `status`, for new and existing members alike: who says none goes alone, so that nobody who left is
  // subscribed again.
  key: (call) => (recordOf(call).status === undefined ? alone(call) : call.fields.id),
  build: withFirst((first, calls) =>
    mailchimpRequest(first, {
      method: 'POST',
      path: `${path`/lists/${first.fields.id}`}${validation(first)}`,
      json: { members: merged(calls.map((call) => withoutStatusIfNew(recordOf(call)))), update_existing: true },
    }),
  ),
  read: (response, calls, nowMs) => {
    const whole = classify(response, nowMs);
    const body = jsonOf(response);
    const isSplit = whole.class === 'delivered' ? body === undefined : [400, 413].includes(response.status);
    if (isSplit && calls.length > 1)
      return calls.map(() => classified('split', whole.message || 'Mailchimp did not say what became of the members'));
    if (whole.class !== 'delivered') return calls.map(({ delivery }) => classify(response, nowMs, attemptOf(delivery)));
    return calls.map((call) => resultOf(body, call, nowMs));
  },
});

/** The key of a batch that has no second delivery. */
export const alone = ({ fields, delivery }: MemberCall): string => `${fields.id} ${delivery.id}`;

const withoutStatusIfNew = ({ status_if_new: _status, ...record }: Member): Member => record;

/** One record for each address, because Mailchimp refuses a batch's second one. What comes later counts, key by key. */
function merged(records: readonly Member[]): Member[] {
  const byAddress = new Map<string, Member>();
  for (const record of records) {
    const earlier = byAddress.get(record.email_address);
    byAddress.set(record.email_address, earlier ? together(earlier, record) : record);
  }
  return [...byAddress.values()];
}

const together = (earlier: Member, later: Member): Member => ({
  ...earlier,
  ...later,
  ...(earlier.merge_fields && later.merge_fields
    ? { merge_fields: { ...earlier.merge_fields, ...later.merge_fields } }
    : {}),
  ...(earlier.interests && later.interests ? { interests: { ...earlier.interests, ...later.interests } } : {}),
  ...(earlier.tags && later.tags ? { tags: [...new Set([...earlier.tags, ...later.tags])] } : {}),
});

/** What became of one member: Mailchimp tells them apart by their addresses, in whatever order and letters. */
function resultOf(body: unknown, { input, delivery }: MemberCall, nowMs: number): Classification {
  const isIts = (entry: unknown) => textAt(entry, 'email_address')?.trim().toLowerCase() === input.email_address;
  const error = listAt(body, 'errors').find(isIts);
  if (error !== undefined) {
    const code = textAt(error, 'error_code');
    const message = `${code ?? 'error'}: ${textAt(error, 'error') ?? 'Mailchimp refused this member'}`;
    // Existing members are updated; this one has come to be at the same moment.
    return code === 'ERROR_CONTACT_EXISTS'
      ? classified('retry', message)
      : refusal(message, nowMs, attemptOf(delivery));
  }
  const isWritten = [...listAt(body, 'new_members'), ...listAt(body, 'updated_members')].some(isIts);
  return isWritten ? delivered : classified('unknown', 'Mailchimp did not say what became of this member');
}
