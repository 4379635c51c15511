// The salesforce connector's service.
import { runConnector } from '@sluice/connector-host';
import { salesforce } from './connector.ts';

await runConnector(salesforce);
