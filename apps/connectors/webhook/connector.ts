// The webhook connector: one HTTP request per delivery, signed by Standard Webhooks, to whatever the customer runs.
import { byStatus, defineConnector, type Classification, type HttpResponse } from '@sluice/connector-kit';
import { metadata } from './metadata.ts';
import { sendWebhook } from './send-webhook.ts';

export const webhook = defineConnector({
  slug: 'webhook',
  label: 'Webhook',
  apiVersion: null,
  authentication: 'none, basic, bearer or header',
  metadata,
  // Nothing in an answer is needed; this much is shown to people.
  answerBytes: 20 * 1024,
  classify,
  actions: {
    // The receiver is told by webhook-id what it has already.
    send_webhook: { label: 'Send the event', noun: 'request', idempotency: 'key', build: sendWebhook },
  },
});

/**
 * Standard Webhooks: everything but 2xx is a failure to be tried again (a receiver in the middle of a deployment answers 404 or 401),
 * redirects included, which are not followed. Only 410 says that nobody is there any more.
 */
function classify(response: HttpResponse, nowMs: number): Classification {
  const classification = byStatus(response, nowMs);
  switch (classification.class) {
    case 'delivered':
    case 'throttle':
    case 'retry':
      return classification;
    case 'gone':
      return { ...classification, message: 'the destination answered 410: it is gone' };
    default:
      return { ...classification, class: 'retry' };
  }
}
