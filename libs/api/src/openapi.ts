// The OpenAPI 3.1 document, built from the table of operations and the shapes they name; nothing in it is written twice.
import { PRODUCT } from '@sluice/contracts';
import * as z from 'zod';

/** One call of the API. */
export interface Operation {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Below /api/v1, with {parameters} in braces. */
  path: string;
  /** One line, imperative. */
  summary: string;
  tag: string;
  query?: z.ZodObject;
  headers?: Record<string, string>;
  body?: z.ZodType;
  /** Status -> shape of the answer. */
  answers: Record<number, z.ZodType>;
  /** Statuses of the error envelope this call may answer with, besides 401, 429 and 500. */
  errors?: number[];
  /** Who may call it: a machine token by default. */
  publishableKey?: boolean;
  open?: boolean;
  /** It is for a browser: what it answers is a page, whether it goes well or not. */
  page?: boolean;
}

type Json = Record<string, unknown>;

/** The document of these operations. */
export function openApiDocument(operations: readonly Operation[], version: string): Json {
  const components: Record<string, unknown> = {};
  const paths: Record<string, Json> = {};
  for (const operation of operations) {
    const path = (paths[`/api/v1${operation.path}`] ??= {});
    path[operation.method] = describe(operation, components);
  }
  return {
    openapi: '3.1.0',
    info: { title: PRODUCT, version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    paths,
    components: {
      schemas: { ...components, Error: errorSchema },
      securitySchemes: {
        machineToken: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'HS256, at most 60 s, signed with a machine key',
        },
        publishableKey: { type: 'apiKey', in: 'header', name: 'x-meshes-publishable-key' },
      },
    },
  };
}

function describe(operation: Operation, components: Json): Json {
  const errors = [...new Set([...(operation.errors ?? []), ...(operation.open ? [] : [401]), 500])].sort(
    (a, b) => a - b,
  );
  const contentOf = operation.page ? pageContent : (shape: z.ZodType) => jsonContent(shape, components);
  return {
    operationId: operationId(operation),
    summary: operation.summary,
    tags: [operation.tag],
    security: security(operation),
    parameters: parameters(operation),
    ...(operation.body ? { requestBody: { required: true, content: jsonContent(operation.body, components) } } : {}),
    responses: {
      ...Object.fromEntries(
        Object.entries(operation.answers).map(([status, shape]) => [
          status,
          { description: 'success', content: contentOf(shape) },
        ]),
      ),
      ...Object.fromEntries(errors.map((status) => [status, errorResponse(operation)])),
    },
  };
}

function security(operation: Operation): Json[] {
  if (operation.open) return [];
  return operation.publishableKey ? [{ machineToken: [] }, { publishableKey: [] }] : [{ machineToken: [] }];
}

function parameters({ path, query, headers }: Operation): Json[] {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const inQuery = Object.entries(query?.shape ?? {}).map(([name, shape]) => ({
    name,
    in: 'query',
    required: false,
    schema: jsonSchema(shape, {}),
  }));
  const inHeaders = Object.entries(headers ?? {}).map(([name, description]) => ({
    name,
    in: 'header',
    required: false,
    description,
    schema: { type: 'string' },
  }));
  return [...inPath, ...inQuery, ...inHeaders];
}

const jsonContent = (shape: z.ZodType, components: Json): Json => ({
  'application/json': { schema: jsonSchema(shape, components) },
});

const pageContent = (): Json => ({ 'text/html': { schema: { type: 'string' } } });

/** A shape as JSON Schema; shapes with an id become components. */
function jsonSchema(shape: unknown, components: Json): Json {
  const schema = z.toJSONSchema(shape as z.ZodType, { io: 'input', unrepresentable: 'any', reused: 'inline' }) as Json;
  return lift(schema, components);
}

function lift(schema: Json, components: Json): Json {
  const { $schema: _schema, $defs, ...rest } = schema;
  for (const [name, definition] of Object.entries(($defs ?? {}) as Record<string, Json>)) {
    components[name] ??= JSON.parse(
      JSON.stringify(cleaned(definition)).replaceAll('#/$defs/', '#/components/schemas/'),
    );
  }
  const body = JSON.parse(JSON.stringify(rest).replaceAll('#/$defs/', '#/components/schemas/')) as Json;
  if (typeof body.id !== 'string') return body;
  components[body.id] ??= cleaned(body);
  return { $ref: `#/components/schemas/${body.id}` };
}

const cleaned = ({ id: _id, $schema: _schema, ...schema }: Json): Json => schema;

function operationId({ method, path }: Operation): string {
  const words = path.replaceAll(/[{}]/g, '').split(/[/.-]/).filter(Boolean);
  return method + words.map((word) => word[0]?.toUpperCase() + word.slice(1)).join('');
}

const errorSchema: Json = {
  type: 'object',
  required: ['message', 'error'],
  properties: {
    message: { type: 'string', description: 'the status in words' },
    error: {
      type: 'object',
      required: ['name', 'code', 'message', 'data'],
      properties: {
        name: { type: 'string' },
        code: { type: 'string', description: 'see docs/errors.md' },
        message: { type: 'string' },
        data: {
          type: 'array',
          items: {
            type: 'object',
            required: ['param', 'msg'],
            properties: { param: { type: 'string' }, msg: { type: 'string' } },
          },
        },
      },
    },
  },
};

const errorResponse = ({ page }: Operation): Json => ({
  description: 'error',
  content: {
    'application/json': { schema: { $ref: '#/components/schemas/Error' } },
    ...(page ? pageContent() : {}),
  },
});
