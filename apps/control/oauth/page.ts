// The page that a person sees at the end of an authorization: a sentence, and nothing that could load or run.
export const page = {
  headers: {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    'cache-control': 'no-store',
    // The address of the page has the code in it.
    'referrer-policy': 'no-referrer',
  },
  of: (text: string): string =>
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>Authorization</title>` +
    `<body style="font-family:sans-serif;margin:4em auto;max-width:32em"><p>${escaped(text)}</p></body></html>\n`,
} as const;

const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
