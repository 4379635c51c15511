// Makes keys and secrets at random, in the forms their users expect.
import { randomBytes, randomInt } from 'node:crypto';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const word = (length: number): string => Array.from({ length }, () => letters[randomInt(letters.length)]).join('');

/** mesh_pub_<a>_<b>_<c>, no underscore inside a part. About 190 bits. */
export const newPublishableKey = (): string => `mesh_pub_${word(8)}_${word(12)}_${word(12)}`;

/** A secret by a recipe of the catalog. */
export function newSecret(recipe: string): string {
  if (recipe === 'whsec') return `whsec_${randomBytes(32).toString('base64')}`;
  throw new Error(`no recipe ${recipe} for a secret`);
}
