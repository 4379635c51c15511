// What the author of a connector sees: declare it as a value, build requests, classify answers.
export { catalogEntry } from './catalog-entry.ts';
export { byStatus, retryAfterMs, type Classification, type OutcomeCode } from './classify.ts';
export {
  defineConnector,
  type Action,
  type Connector,
  type DeliveryInput,
  type HttpRequest,
  type HttpResponse,
} from './connector.ts';
export { secret } from './secret.ts';
