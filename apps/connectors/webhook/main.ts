// The webhook connector's service.
import { runConnector } from '@sluice/connector-host';
import { webhook } from './connector.ts';

await runConnector(webhook);
