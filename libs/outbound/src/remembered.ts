// Remembers what was made of a text: the same few URLs and secrets come again with every delivery.

/** Entries at most; past it everything is forgotten at once, which is cheap and rare. */
const rememberedMax = 10_000;
/** Longer texts are seldom the same twice, and would take the memory of many. */
const lengthMax = 2_048;

/** The same function, asked once for each text. */
export function remembered<T>(make: (text: string) => T): (text: string) => T {
  const known = new Map<string, { made: T }>();
  return (text) => {
    const found = known.get(text);
    if (found) return found.made;
    const made = make(text);
    if (text.length > lengthMax) return made;
    if (known.size >= rememberedMax) known.clear();
    known.set(text, { made });
    return made;
  };
}
