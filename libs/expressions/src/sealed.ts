// Locks what all expressions of a process share, so that none can change what another one sees. Runs once, before the first of them.
import jsonata, { type Focus } from 'jsonata';
import { allowedFunctions, refusedFunctions } from './vocabulary.ts';

/** A function of JSONata's as it keeps them: one object for all expressions of a process. */
interface Definition {
  implementation?: unknown;
  signature?: unknown;
}

/**
 * JSONata's functions are objects that expressions can get hold of, and `| $sum | {…} |` used to write into them: for every expression
 * evaluated after it, in every workspace. Besides them only the tree of `~>` and the frame's own state are shared.
 */
export async function sealJsonata(): Promise<void> {
  const probe = jsonata('$probe()');
  probe.registerFunction('probe', function (this: Focus) {
    const frame = this.environment as Focus['environment'] & { global?: unknown };
    for (const name of [...allowedFunctions, ...refusedFunctions.keys()]) {
      seal(frame.lookup(name) as Definition | undefined);
    }
    freezeDeep(frame.global);
  });
  await probe.evaluate({});
  const chain = (await jsonata('$sum ~> $sum').evaluate({})) as { body?: unknown; arguments?: unknown };
  freezeDeep(chain.body);
  freezeDeep(chain.arguments);
  Object.freeze(Object.prototype);
}

/** JSONata notes in a definition under which name it was called last, for its messages. That note is one more thing to share: it goes nowhere. */
function seal(definition: Definition | undefined): void {
  if (!definition) return;
  for (const note of ['token', 'position']) {
    Object.defineProperty(definition, note, { get: () => undefined, set: () => undefined });
  }
  freezeDeep(definition.implementation);
  freezeDeep(definition.signature);
  Object.freeze(definition);
}

function freezeDeep(value: unknown): void {
  if ((typeof value !== 'object' || value === null) && typeof value !== 'function') return;
  if (Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const name of Object.getOwnPropertyNames(value)) {
    const property = Object.getOwnPropertyDescriptor(value, name);
    if (property && 'value' in property) freezeDeep(property.value);
  }
}

/** Hands on what a transform may write into: data, and nothing that can be called. */
export function requireData(found: unknown): unknown {
  const all: unknown[] = Array.isArray(found) ? found : [found];
  if (all.some(isCallable)) throw Object.assign(new Error('a transform cannot change a function'), { code: 'data' });
  return found;
}

/** Whether JSONata would call it. */
export function isCallable(value: unknown): boolean {
  if (typeof value === 'function') return true;
  if (typeof value !== 'object' || value === null) return false;
  const { _jsonata_function: builtIn, _jsonata_lambda: lambda } = value as Record<string, unknown>;
  return builtIn === true || lambda === true;
}
