// Default mappings: what an event's payload has under other names.

/** `{ FirstName: 'first_name' }` as a mapping has it. What the payload lacks is left out, so that nothing known is overwritten. */
export const fromPayload = (names: Readonly<Record<string, string>>): Record<string, { '@path': string }> =>
  Object.fromEntries(Object.entries(names).map(([member, path]) => [member, { '@path': path }]));
