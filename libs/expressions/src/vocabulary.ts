// Which of JSONata's functions an expression may use, and why it may not use the others.

/** Allowed functions. What a later JSONata adds is not in the list, so it is refused until somebody has looked at it. */
export const allowedFunctions: ReadonlySet<string> = new Set([
  ...['abs', 'append', 'assert', 'average', 'base64decode', 'base64encode', 'boolean', 'ceil', 'clone', 'contains'],
  ...['count', 'decodeUrl', 'decodeUrlComponent', 'distinct', 'each', 'encodeUrl', 'encodeUrlComponent', 'error'],
  ...['exists', 'filter', 'floor', 'formatBase', 'formatInteger', 'formatNumber', 'fromMillis', 'join', 'keys'],
  ...['length', 'lookup', 'lowercase', 'map', 'match', 'max', 'merge', 'min', 'not', 'number', 'pad', 'parseInteger'],
  ...['power', 'reduce', 'replace', 'reverse', 'round', 'sift', 'single', 'sort', 'split', 'spread', 'sqrt', 'string'],
  ...['substring', 'substringAfter', 'substringBefore', 'sum', 'toMillis', 'trim', 'type', 'uppercase', 'zip'],
]);

const deterministic = 'the same event must always give the same result';

/** Refused functions, each with what to say of it. They are also unbound, so that no detour reaches them. */
export const refusedFunctions: ReadonlyMap<string, string> = new Map([
  ['eval', 'it would run text that nobody has checked'],
  ['random', deterministic],
  ['shuffle', deterministic],
  ['now', `${deterministic}; use $fromMillis($event.created_at)`],
  ['millis', `${deterministic}; use $event.created_at`],
]);

/** Names that are bound without being functions: the payload, and the event around it. */
export const givenNames: ReadonlySet<string> = new Set(['', '$', 'event']);

/** Node types of JSONata's syntax tree that may stand in an expression. Anything else is refused by its type. */
export const allowedNodes: ReadonlySet<string> = new Set([
  ...['path', 'binary', 'unary', 'name', 'string', 'number', 'value', 'wildcard', 'descendant', 'parent'],
  ...['condition', 'block', 'bind', 'function', 'variable', 'lambda', 'apply', 'transform'],
  ...['sort', 'filter', 'index'],
]);

export const refusedNodes: ReadonlyMap<string, string> = new Map([
  ['regex', 'regular expressions are not allowed in this version; use $contains, $split or $replace with a text'],
  ['partial', 'a function with ? in place of an argument is not allowed; write function($x){ … }'],
]);
