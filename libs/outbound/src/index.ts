// Calls destinations over HTTP, bounded in every way, and never where this installation must not call.
export { isPublicAddress } from './address.ts';
export { OutboundClient, type OutboundOptions, type OutboundRequest, type SendOptions } from './client.ts';
export { outboundLimits, type Exchange, type OutboundResponse, type Timing } from './exchange.ts';
export { guardedConnector, urlProblem, type Resolve, type UrlProblem } from './guard.ts';
export { remembered } from './remembered.ts';
export { outboundConfig, outboundPolicy, readAllowList, type AllowList, type OutboundPolicy } from './policy.ts';
