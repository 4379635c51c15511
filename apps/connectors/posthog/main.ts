// The posthog connector's service.
import { runConnector } from '@sluice/connector-host';
import { posthog } from './connector.ts';

await runConnector(posthog);
