// Which members of a connection's metadata its `auth_scheme` makes necessary, as JSON Schema says it. Control checks it.

/** For the metadata's `.meta()`: scheme -> the members it needs. `usual` is the scheme of those that name none. */
export const neededBy = (schemes: Readonly<Record<string, readonly string[]>>, usual?: string) => ({
  allOf: Object.entries(schemes).map(([scheme, required]) => ({
    if: { properties: { auth_scheme: { const: scheme } }, ...(scheme === usual ? {} : { required: ['auth_scheme'] }) },
    then: { required },
  })),
});
