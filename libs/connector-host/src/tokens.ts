// What the connector's controllers ask for by injection.

/** The connector itself (Connector of @sluice/connector-kit). */
export const CONNECTOR = Symbol('connector');
