// The hubspot connector's service.
import { runConnector } from '@sluice/connector-host';
import { hubspot } from './connector.ts';

await runConnector(hubspot);
