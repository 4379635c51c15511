// The one Nest library: how every service reads its configuration, starts, consumes, answers over HTTP, and stops.
export { bootService, type ServiceDefinition } from './boot.ts';
export { readConfig, serviceConfig, type ServiceConfig } from './config.ts';
export { Consumes } from './consumes.ts';
export { configureHttp } from './http/configure.ts';
export { JsonBody, Query as ParsedQuery } from './http/parsed.ts';
export { CONFIG, EVENT_LOG, LOG } from './tokens.ts';
