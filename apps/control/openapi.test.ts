// The OpenAPI document as a machine reads it: everything it refers to is there, and every call says what it answers.
import { describe, expect, it } from '@jest/globals';
import { openApiDocument } from '@sluice/api';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { operations } from './operations/index.ts';

type Json = Record<string, unknown>;
interface Call {
  operationId: string;
  summary: string;
  security: Json[];
  parameters: { name: string; in: string; required: boolean; schema: Json }[];
  requestBody?: { content: Record<string, { schema: Json }> };
  responses: Record<string, { description: string; content: Record<string, { schema: Json }> }>;
}

const document = JSON.parse(JSON.stringify(openApiDocument(operations, '0.1.0'))) as {
  openapi: string;
  paths: Record<string, Record<string, Call>>;
  components: { schemas: Record<string, Json>; securitySchemes: Json };
};

const calls = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, call]) => [`${method.toUpperCase()} ${path}`, path, call] as const),
);

/** Every value of a member of this name, wherever it stands. */
function valuesOf(name: string, within: unknown): unknown[] {
  if (typeof within !== 'object' || within === null) return [];
  return Object.entries(within).flatMap(([key, value]: [string, unknown]) =>
    key === name ? [value] : valuesOf(name, value),
  );
}

/** What a local reference points at. */
const resolved = (reference: string): unknown =>
  reference
    .slice(2)
    .split('/')
    .reduce<unknown>((at, part) => (at as Json | undefined)?.[part], document);

describe('the OpenAPI document', () => {
  it('is of version 3.1 and describes every operation of the table', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(calls).toHaveLength(operations.length);
  });

  it('refers only to what is in it', () => {
    const references = valuesOf('$ref', document) as string[];
    expect(references.length).toBeGreaterThan(calls.length);
    for (const reference of references) {
      expect(reference).toMatch(/^#\/components\/schemas\/\w+$/);
      expect([reference, typeof resolved(reference)]).toEqual([reference, 'object']);
    }
  });

  it('has no schema that nothing refers to', () => {
    const used = new Set(valuesOf('$ref', document));
    expect(
      Object.keys(document.components.schemas).filter((name) => !used.has(`#/components/schemas/${name}`)),
    ).toEqual([]);
  });

  it('holds nothing that is only for its own making', () => {
    for (const leftover of ['$defs', '$schema', '~standard']) expect(valuesOf(leftover, document)).toEqual([]);
    expect(JSON.stringify(document)).not.toContain('#/$defs/');
  });

  it('has schemas that a JSON Schema validator can compile', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema({ $id: 'https://api.test/', components: document.components });
    for (const name of Object.keys(document.components.schemas)) {
      expect(() => ajv.compile({ $ref: `https://api.test/#/components/schemas/${name}` })).not.toThrow();
    }
  });

  it('gives every call a name of its own', () => {
    const names = calls.map(([, , { operationId }]) => operationId);
    expect(new Set(names).size).toBe(names.length);
  });

  it('names calls so that a generated client can have them as functions', () => {
    for (const [, , { operationId }] of calls) expect(operationId).toMatch(/^[a-z][A-Za-z0-9]*$/);
  });
});

describe.each(calls)('%s', (_name, path, call) => {
  it('says what it answers when all goes well, in JSON or, where a browser comes, as a page', () => {
    const good = Object.keys(call.responses).filter((status) => /^2\d\d$/.test(status));
    expect(good).not.toEqual([]);
    for (const status of good)
      expect(Object.keys(call.responses[status]?.content ?? {})).toEqual([
        path.endsWith('/callback') ? 'text/html' : 'application/json',
      ]);
  });

  it('answers every failure with the error envelope', () => {
    const failures = Object.entries(call.responses).filter(([status]) => !status.startsWith('2'));
    expect(failures.map(([status]) => status)).toContain('500');
    for (const [, { content }] of failures)
      expect(content['application/json']?.schema).toEqual({ $ref: '#/components/schemas/Error' });
  });

  it('declares every parameter of its path, and each parameter once', () => {
    const inPath = call.parameters.filter((parameter) => parameter.in === 'path');
    expect(inPath.map(({ name }) => name)).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
    for (const { required } of inPath) expect(required).toBe(true);
    const names = call.parameters.map((parameter) => `${parameter.in} ${parameter.name}`);
    expect(new Set(names).size).toBe(names.length);
  });

  it('names security that is declared, and 401 where there is any', () => {
    for (const scheme of call.security.flatMap(Object.keys))
      expect(document.components.securitySchemes).toHaveProperty(scheme);
    expect('401' in call.responses).toBe(call.security.length > 0);
  });
});
