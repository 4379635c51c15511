// Wildcards: `*` stands for any run of characters, `\*` and `\\` for the character itself. Matched without backtracking.
import { limits } from './limits.ts';

/** What stands between the stars, or why the text is no wildcard. */
export function wildcardParts(text: string): { parts: string[] } | { reason: string } {
  const parts: string[] = [];
  let part = '';
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? '';
    if (char === '\\') {
      const escaped = text[++at];
      if (escaped !== '*' && escaped !== '\\')
        return { reason: 'may have a backslash only before * or another backslash' };
      part += escaped;
    } else if (char === '*') {
      if (text[at - 1] === '*' && part === '' && parts.length > 0) return { reason: 'may not have two stars in a row' };
      parts.push(part);
      part = '';
    } else {
      part += char;
    }
  }
  if (parts.length > limits.wildcardStars) return { reason: `may have ${limits.wildcardStars} stars at most` };
  parts.push(part);
  return { parts };
}

/** Each part in turn is found as early as it can be, which leaves the most room for the others. */
export function wildcardMatches(parts: readonly string[], text: string): boolean {
  const last = parts.length - 1;
  const [first = ''] = parts;
  if (last === 0) return text === first;
  const end = parts[last] ?? '';
  if (!text.startsWith(first) || !text.endsWith(end)) return false;
  let at = first.length;
  for (let index = 1; index < last; index++) {
    const part = parts[index] ?? '';
    const found = part.length > shortPart ? indexOfLong(part, text, at) : text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - end.length >= at;
}

/** How many parts of a wildcard have to be searched for. */
export const searchedParts = (parts: readonly string[]): number => Math.max(0, parts.length - 2);

/** The search that is built in is fast for parts up to this length, and for longer ones may take the product of both lengths. */
const shortPart = 200;

/** Where a long part first stands in a text. Never looks back in the text: what part of a match can begin anew is known before. */
function indexOfLong(part: string, text: string, from: number): number {
  const again = restarts(part);
  let matched = 0;
  for (let at = from; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    while (matched > 0 && unit !== part.charCodeAt(matched)) matched = again[matched - 1] ?? 0;
    if (unit === part.charCodeAt(matched)) matched++;
    if (matched === part.length) return at - matched + 1;
  }
  return -1;
}

/** For each length of a match, how much of its end is a beginning too. */
function restarts(part: string): Int32Array {
  const again = new Int32Array(part.length);
  let matched = 0;
  for (let at = 1; at < part.length; at++) {
    while (matched > 0 && part.charCodeAt(at) !== part.charCodeAt(matched)) matched = again[matched - 1] ?? 0;
    if (part.charCodeAt(at) === part.charCodeAt(matched)) matched++;
    again[at] = matched;
  }
  return again;
}
