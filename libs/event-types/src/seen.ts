// What the subschemas at one place of a payload have looked at, so that unevaluatedProperties and unevaluatedItems can see the rest.

export class Seen {
  readonly names = new Set<string>();
  /** Items that `contains` took, beyond those counted in `items`. */
  readonly indexes = new Set<number>();
  everyName = false;
  /** Items from the first one on. */
  items = 0;

  /** Adds what another has seen; returns how much there was to add. */
  take(other: Seen): number {
    this.everyName ||= other.everyName;
    this.items = Math.max(this.items, other.items);
    for (const name of other.names) this.names.add(name);
    for (const index of other.indexes) this.indexes.add(index);
    return other.names.size + other.indexes.size;
  }

  hasName(name: string): boolean {
    return this.everyName || this.names.has(name);
  }

  hasItem(index: number): boolean {
    return index < this.items || this.indexes.has(index);
  }
}
