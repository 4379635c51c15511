// Parameters of controller methods, parsed and checked by the shapes of libs/api; what does not fit is refused with the field named.
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiError, fieldError, type FieldProblem } from '@sluice/api';
import { readJsonStructure } from '@sluice/contracts';
import type { FastifyRequest } from 'fastify';
import type * as z from 'zod';

/** The JSON body, as this shape describes it. An empty body counts as `{}`. */
export const JsonBody = (shape: z.ZodType): ParameterDecorator =>
  createParamDecorator((_data: unknown, context: ExecutionContext) => {
    const body = context.switchToHttp().getRequest<FastifyRequest>().body as string | undefined;
    return checked(shape, body === undefined ? {} : parseJson(body));
  })();

/** The query, as this shape describes it. */
export const Query = (shape: z.ZodType): ParameterDecorator =>
  createParamDecorator((_data: unknown, context: ExecutionContext) => {
    return checked(shape, context.switchToHttp().getRequest<FastifyRequest>().query ?? {});
  })();

/** Parses JSON within the limits on structure. Throws ApiError (400). */
export function parseJson(text: string): unknown {
  const structure = readJsonStructure(text, '');
  if (!structure.ok) throw new ApiError(structure.code, { message: structure.message });
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new ApiError('body_not_json');
  }
}

function checked(shape: z.ZodType, value: unknown): unknown {
  const nul = pathOfNul(value);
  if (nul) throw fieldError(nul.join('.') || 'body', 'must have no NUL character');
  const result = shape.safeParse(value);
  if (result.success) return result.data;
  const data: FieldProblem[] = result.error.issues.map((issue) => ({
    param: issue.path.join('.') || 'body',
    msg: issue.message,
  }));
  throw new ApiError('field_invalid', { data });
}

/** Where in a value a NUL character stands, in a text or in a name: Postgres keeps none, in whatever column. */
function pathOfNul(value: unknown): string[] | undefined {
  if (typeof value === 'string') return value.includes('\0') ? [] : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, each] of Object.entries(value)) {
    const path = name.includes('\0') ? [] : pathOfNul(each);
    if (path) return [name.replaceAll('\0', '\uFFFD'), ...path];
  }
  return undefined;
}
