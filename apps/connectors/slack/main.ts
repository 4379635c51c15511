// The slack connector's service.
import { runConnector } from '@sluice/connector-host';
import { slack } from './connector.ts';

await runConnector(slack);
