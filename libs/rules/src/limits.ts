// Every bound on rules and on matching, in one table; each says where it is enforced.

export const limits = {
  /** UTF-8 bytes of a rule's conditions as compact JSON; read-conditions.ts. Of a text much longer, read-rule.ts. */
  conditionsBytes: 4_096,
  /** Keys on the way to a leaf, a `$or` counted as one; read-conditions.ts. */
  depth: 8,
  /** Fields with tests, over all alternatives of a rule; read-conditions.ts. */
  leaves: 50,
  /** Values in the tests of one field, those in an `anything-but` list counted; read-conditions.ts. */
  literalsPerLeaf: 100,
  /** Ways to choose one alternative of every `$or`, counted and never written out; read-conditions.ts. */
  conjunctions: 100,
  /** Stars of one wildcard; wildcard.ts. */
  wildcardStars: 8,
  /** Characters of a rule's event type, as of an event's; event-type-pattern.ts. */
  eventTypePattern: 200,
  /** Problems that one check reports; the rest would only repeat them. read-conditions.ts. */
  problems: 20,
  /** Rules that one event may match; the others are counted. matches.ts. */
  matchesPerEvent: 100,
  /** Steps that the rules of a workspace may take for one event: tests made, places read, elements of arrays. matches.ts. */
  stepsPerEvent: 100_000,
  /** Steps that one rule may take over which elements of arrays belong together; same-element.ts. */
  sameElementSteps: 50_000,
  /** Arrays within arrays that are looked into, as deep as any event may be. reading.ts, same-element.ts. */
  arrayNesting: 64,
} as const;
