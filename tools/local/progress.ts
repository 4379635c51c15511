// Prints how a start goes, one line a finished step; on a terminal with a little colour.
import type { Progress } from './stack.ts';

type Style = 'bold' | 'dim' | 'green' | 'yellow' | 'cyan';

const codes: Record<Style, readonly [number, number]> = {
  bold: [1, 22],
  dim: [2, 22],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
};

export type Paint = (style: Style, text: string) => string;

export function painter(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): Paint {
  const coloured = stream.isTTY === true && !env['NO_COLOR'];
  return (style, text) => {
    if (!coloured) return text;
    const [on, off] = codes[style];
    return `\u001b[${on}m${text}\u001b[${off}m`;
  };
}

/** Steps that take long the first time are announced when they begin: silence would look like a hang. */
const announced = /fetched once|^build$/;

export function progressLine({ kind, text, tookMs }: Progress, paint: Paint): string | undefined {
  switch (kind) {
    case 'begun':
      return announced.test(text) ? paint('dim', `  … ${text}`) : undefined;
    case 'done':
      return `  ${paint('green', '✓')} ${text.padEnd(44)} ${paint('dim', `${((tookMs ?? 0) / 1000).toFixed(1)} s`.padStart(7))}`;
    case 'notice':
      return `  ${paint('yellow', '!')} ${text}`;
  }
}
