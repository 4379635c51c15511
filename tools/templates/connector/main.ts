// The acme connector's service.
import { runConnector } from '@sluice/connector-host';
import { connector } from './connector.ts';

await runConnector(connector);
