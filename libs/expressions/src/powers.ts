// What an evaluating process may do besides computing: nothing. Flags it is started with, and what it gives up once it has started.

/** Node's flags. Whatever an expression may break out of, it finds no files, no processes, no workers, no add-ons and no code made from text. */
export const powerlessFlags = (readable: string): string[] => [
  '--permission',
  `--allow-fs-read=${readable}`,
  '--disallow-code-generation-from-strings',
  '--disable-proto=delete',
  '--disable-sigusr1',
  '--no-addons',
];

/**
 * To be called when everything is loaded: from then on nothing need be read any more. The flags do not bar the network, so what
 * leads to it, or to a module, from the globals goes.
 */
export function dropPowers(): void {
  const { permission } = process as { permission?: { drop?: (scope: string) => void } };
  permission?.drop?.('fs');
  const unneeded: [object, string[]][] = [
    [process, ['binding', '_linkedBinding', 'dlopen', 'getBuiltinModule', 'mainModule', 'kill', 'chdir']],
    [globalThis, ['fetch', 'WebSocket', 'EventSource', 'WebAssembly', 'navigator', 'Request']],
  ];
  for (const [from, names] of unneeded) {
    for (const name of names) Object.defineProperty(from, name, { value: undefined });
  }
}
