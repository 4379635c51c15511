// A new connector as texts: those of templates/connector, which is one that compiles and passes its tests, under another name.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, 'connector');

/** Why a connector cannot have this name; undefined where it can. `taken` are folders and other names that are somebody's. */
export function nameProblem(name: string, taken: readonly string[]): string | undefined {
  if (name === '') return 'Say how it is called: npm run new:connector <name>.';
  if (!/^[a-z][a-z0-9-]{1,30}$/.test(name)) {
    return `"${name}" cannot name a connector: it takes 2 to 31 small letters, digits and hyphens, a letter first.`;
  }
  return taken.includes(name) ? `"${name}" is taken.` : undefined;
}

/** File name -> text. */
export function scaffold(name: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder).map((file) => [file, renamed(readFileSync(join(folder, file), 'utf8'), name)]),
  );
}

function renamed(text: string, name: string): string {
  const words = name.split('-').map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`);
  return text
    .replaceAll('AcmeMetadata', `${words.join('')}Metadata`)
    .replaceAll('Acme', words.join(' ').trim())
    .replaceAll('acme', name);
}
