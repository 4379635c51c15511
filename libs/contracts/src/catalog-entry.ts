// What a connector declares, as data: control validates with it, the console renders forms from it, setup makes its topics.

export interface CatalogEntry {
  slug: string;
  label: string;
  /** The version of the vendor's API that is spoken; null where there is none. */
  api_version: string | null;
  authentication: string;
  /** JSON Schema (2020-12) of a connection's metadata; secret members are `writeOnly`, one with `generate` is made when missing. */
  metadata: Record<string, unknown>;
  oauth?: CatalogOAuth;
  limits?: ConnectorLimits;
  /** Whether "Test connection" asks the vendor. */
  has_test: boolean;
  /** Names of the live choices that the vendor can be asked for. */
  choices: string[];
  /** Whether the vendor can be asked for the fields of its records. */
  has_record_fields: boolean;
  actions: Record<string, CatalogAction>;
}

/** Whether the same request may be made twice: by its nature, by a key of ours that the vendor knows, or not. */
export type Idempotency = 'natural' | 'key' | 'none';

export interface CatalogAction {
  key: string;
  label: string;
  noun: string;
  idempotency: Idempotency;
  /** JSON Schema of the action's own fields in a rule's metadata; a member with `choices` is chosen from those of that name. */
  fields?: Record<string, unknown>;
  /** JSON Schema of what the mapping has to make. */
  input?: Record<string, unknown>;
  /** The mapping where neither rule nor connection has one. */
  default_mapping?: Readonly<Record<string, unknown>>;
  /** Deliveries that one request takes. */
  batch_max?: number;
}

/** What a vendor allows for one credential. */
export interface ConnectorLimits {
  /** Requests at a time. */
  concurrency?: number;
  /** Requests in each period. */
  rate?: { limit: number; per: 'second' | 'minute' | 'hour' };
}

export type OAuthGrant = 'authorization_code' | 'client_credentials' | 'jwt_bearer';

/** How tokens are got. In texts, `{member}` stands for that member of the connection's metadata. */
export interface CatalogOAuth {
  /** Value of the metadata's `auth_scheme` -> grant. Other values have no tokens. */
  schemes: Readonly<Record<string, OAuthGrant>>;
  /** Where a person is sent to agree. */
  authorize_url: string;
  token_url: string;
  scopes: readonly string[];
  scope_separator: ' ' | ',';
  /** Whether the vendor knows PKCE (S256). */
  pkce: boolean;
  /** Seconds that a token lives where the answer names none; null: until the vendor says that it has expired. */
  lifetime_s: number | null;
  /** Where the answer says which host to call from then on, and which hosts are believed. */
  base_url?: { member: string; hosts: readonly string[] };
  /** What a signed assertion says (jwt_bearer); it is signed with the metadata's `private_key`. */
  assertion?: { issuer: string; subject: string; audience: string };
}
