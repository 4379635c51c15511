// The Acme connector: one event each.
import { defineConnector } from '@sluice/connector-kit';
import { classify } from './classify.ts';
import { metadata } from './metadata.ts';
import { sendEvent } from './send-event.ts';

export const connector = defineConnector({
  slug: 'acme',
  label: 'Acme',
  apiVersion: 'v1',
  authentication: 'API key',
  metadata,
  classify,
  actions: { send_event: sendEvent },
});
