// The bounds on schemas and on checking with them, in one place: README.md names the same, in this order.
export const limits = {
  /** Of a schema's JSON text, in bytes of UTF-8. */
  schemaBytes: 64 * 1024,
  /** Levels of nesting of a schema's JSON. */
  schemaDepth: 32,
  /** Subschemas, counted once for each place a `$ref` brings them to. */
  subschemas: 500,
  patterns: 20,
  patternLength: 500,
  /** Instructions a pattern compiles to: what one character of text may cost. */
  patternSize: 1000,
  /** Problems told of one schema, and of one payload. */
  schemaProblems: 20,
  payloadProblems: 10,
  /** What checking one payload may cost, in steps (evaluation.ts says what a step is). */
  steps: 1_000_000,
  /** What comparing two schemas may cost: pairs of subschemas looked at. */
  comparisons: 100_000,
} as const;
