// What every module of a service may ask for by injection.

/** The service's configuration, parsed. */
export const CONFIG = Symbol('configuration');
/** The process's log (Log of @sluice/telemetry). */
export const LOG = Symbol('log');
/** The process's event log (EventLog of @sluice/kafka). */
export const EVENT_LOG = Symbol('event log');
