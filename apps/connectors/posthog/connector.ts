// The PostHog connector: events, and what is known of people, to PostHog's cloud or a host of one's own.
import { defineConnector } from '@sluice/connector-kit';
import { classify } from './classify.ts';
import { actions } from './events.ts';
import { metadata } from './metadata.ts';
import { test } from './test-connection.ts';

export const posthog = defineConnector({
  slug: 'posthog',
  label: 'PostHog',
  apiVersion: 'v0',
  authentication: 'project API key',
  metadata,
  classify,
  actions,
  test,
});
