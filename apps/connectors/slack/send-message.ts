// The action send_message: a text by the rule's template, or what a mapping made: a text, blocks or both.
import { actionsOf, InputError, text, type Call } from '@sluice/connector-kit';
import * as z from 'zod';
import type { SlackMetadata } from './metadata.ts';
import { apiRequest, webhookRequest } from './requests.ts';
import { filled, messageCharsMax, templateForm } from './template.ts';

const fields = z.strictObject({
  id: z
    .string()
    .min(1)
    .max(80)
    .meta({ choices: 'channels', description: "the channel's id; an incoming webhook has its own" })
    .optional(),
  template: text(templateForm, 'has a {{placeholder}} without a name or without its end', { min: 1, max: 4_000 })
    .meta({ description: 'Hello {{first_name}}; without one, a mapping makes the message' })
    .optional(),
});

const block = z.looseObject({
  type: z.string().min(1),
  text: z
    .union([z.string().max(12_000), z.looseObject({ text: z.string().max(3_000) })], {
      error: 'must be a text object of 3,000 characters at most',
    })
    .optional(),
});

const message = z.looseObject({
  text: z
    .string()
    .max(messageCharsMax)
    .optional()
    .meta({ description: 'mrkdwn; beside blocks what notifications say' }),
  blocks: z.array(block).max(50).optional().meta({ description: 'Block Kit' }),
});

/** With a template it is any event, whatever members of these names mean there. */
const input = z.union([message, z.looseObject({})]);

type SendMessage = Call<SlackMetadata, z.infer<typeof fields>, z.infer<typeof input>>;

export const sendMessage = actionsOf<SlackMetadata>()({
  label: 'Send a message',
  noun: 'message',
  fields,
  input,
  idempotency: 'none',
  build: (call: SendMessage) => {
    const content = contentOf(call);
    if (call.metadata.auth_scheme === 'webhook') return webhookRequest(call.metadata, content);
    const { id: channel } = call.fields;
    if (channel === undefined) throw new InputError('fields.id', 'must name a channel');
    const { id: delivery_id, event_id } = call.delivery;
    // Slack knows no idempotency key; whoever reads the channel by the API can tell a message that came twice.
    const metadata = { event_type: 'sluice_delivery', event_payload: { delivery_id, event_id } };
    return apiRequest(call, {
      method: 'POST',
      path: '/chat.postMessage',
      json: { channel, ...content, metadata },
    });
  },
});

function contentOf({ fields: { template }, input: made }: SendMessage): z.infer<typeof message> {
  const { text: content, blocks } = template === undefined ? mapped(made) : { text: filled(template, made) };
  if (!content?.trim() && !blocks?.length) {
    throw new InputError(template === undefined ? 'text' : 'fields.template', 'makes an empty message of this event');
  }
  return { text: content, blocks };
}

function mapped(made: unknown): z.infer<typeof message> {
  const { data, error } = message.safeParse(made);
  const issue = error?.issues[0];
  if (issue) throw new InputError(issue.path.join('.'), issue.message);
  return data ?? {};
}
