// The mailchimp connector's service.
import { runConnector } from '@sluice/connector-host';
import { mailchimp } from './connector.ts';

await runConnector(mailchimp);
