// Upper and lower case made one, so that texts are the same ignoring case exactly when their folded forms are.

const ascii = /^[\u0000-\u007f]*$/;

/**
 * Folds each character as if it stood alone, so that a prefix of a text stays one. Lower, upper, lower: with less, letters of
 * more than one small or capital form (ß and ẞ, k and the Kelvin sign) would stay apart.
 */
export function fold(text: string): string {
  if (ascii.test(text)) return text.toLowerCase();
  // Sigma is the only letter whose small form depends on what is beside it.
  return text.toLowerCase().toUpperCase().toLowerCase().replaceAll('ς', 'σ');
}

/** A text from its end to its beginning, so that a suffix becomes a prefix. By code units: only ever compared with its like. */
export function reversed(text: string): string {
  let backwards = '';
  for (let at = text.length - 1; at >= 0; at--) backwards += text[at];
  return backwards;
}
