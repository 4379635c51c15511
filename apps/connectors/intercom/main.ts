// The intercom connector's service.
import { runConnector } from '@sluice/connector-host';
import { intercom } from './connector.ts';

await runConnector(intercom);
