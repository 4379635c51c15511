// What a connector declares, as data: control validates with it, the console renders forms from it, setup makes its topics.

export interface CatalogEntry {
  slug: string;
  label: string;
  authentication: string;
  /** JSON Schema (2020-12) of a connection's metadata; secret members are `writeOnly`, one with `generate` is made when missing. */
  metadata: Record<string, unknown>;
  actions: Record<string, CatalogAction>;
}

export interface CatalogAction {
  key: string;
  label: string;
  noun: string;
  /** JSON Schema of the action's own fields in a rule's metadata. */
  fields?: Record<string, unknown>;
}
