// The Segment connector: events and users to Segment, or to whatever speaks its tracking API (RudderStack, Jitsu, Hightouch).
import { defineConnector } from '@sluice/connector-kit';
import { classify } from './classify.ts';
import { actions } from './messages.ts';
import { metadata } from './metadata.ts';

export const segment = defineConnector({
  slug: 'segment',
  label: 'Segment',
  apiVersion: 'v1',
  authentication: 'write key',
  metadata,
  limits: { rate: { limit: 1_000, per: 'second' } },
  classify,
  actions,
});
