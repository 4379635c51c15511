// The segment connector's service.
import { runConnector } from '@sluice/connector-host';
import { segment } from './connector.ts';

await runConnector(segment);
