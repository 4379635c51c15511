// What control's classes ask for by injection, besides one another.

export const DATABASE = Symbol('database');
export const EXPRESSIONS = Symbol('expressions');
export const KEYRING = Symbol('keyring');
export const TOKEN_CLIENT = Symbol('token endpoint');
