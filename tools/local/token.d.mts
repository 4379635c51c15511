// What TypeScript has to know of token.mjs.
export function machineToken(keys: {
  readonly org: string;
  readonly machine_key: string;
  readonly machine_secret: string;
}): string;
