// Where in a document a problem is, and how that is written: schema.properties.email.pattern.

/** A step on the way from the top of a document, linked to the one before: cheap to extend, written out only when told. */
export interface Place {
  readonly parent: Place | undefined;
  readonly key: string;
}

const longest = { key: 80, param: 300 } as const;

/** The top of a document, by the name it is called. */
export const top = (name: string): Place => ({ parent: undefined, key: name });

/** One step further in. */
export const within = (parent: Place, key: string | number): Place => ({ parent, key: String(key) });

/** The place as `param` of a problem. Names in it are another's text, so they are shortened. */
export function paramOf(place: Place): string {
  const keys: string[] = [];
  for (let at: Place | undefined = place; at; at = at.parent) keys.push(at.key);
  return paramOfKeys(keys.reverse());
}

/** The same from a list of keys. */
export function paramOfKeys(keys: readonly (string | number)[]): string {
  return clip(keys.map((key) => clip(String(key), longest.key)).join('.'), longest.param);
}

/** A text short enough to be shown. */
export function clip(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
