// How large a mapping may be, how much work it may do, and how much it may make: README.md names the same, in this order. Bytes are of UTF-8.

export const mappingLimits = {
  /** A schema in version 2, as JSON. */
  schemaBytes: 16 * 1024,
  /** Expressions in it; each placeholder of a template is one more. */
  nodes: 200,
  /** A schema in version 1, as JSON: room for all its fields. */
  fieldsBytes: 64 * 1024,
  fields: 250,
  transforms: 10,
  /** Of the place that a field goes to. */
  destParts: 16,
  /** How deep a schema may be nested, constants and tables included. */
  schemaDepth: 32,
  /** An `@map` inside the elements of another. */
  mapNesting: 2,
  pathParts: 64,
  /** Positions of a list that is filled by position. */
  positions: 100,
  /** An expression of the expert tier, with its brackets. */
  jsonataChars: 8_192,
  /** What a mapping makes, as JSON. */
  outputBytes: 256 * 1024,
  outputDepth: 128,
  /** Any text that a directive puts together. */
  textBytes: 64 * 1024,
  /** Work for one event: elements, members and stretches of 16 characters that directives go through. */
  steps: 100_000,
  /** Told of one run, and of one check. */
  warnings: 20,
  problems: 20,
} as const;
