// Runs a connector as a service: deliveries.<slug> -> the destination -> outcomes.
export { runConnector } from './run-connector.ts';
