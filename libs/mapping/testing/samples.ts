// Mappings for tests: an event around any payload, and a mapping compiled and run in one go.
import { hash } from 'node:crypto';
import { compileMapping, type MapInput, type MapResult } from '../src/mapping.ts';

export const sha256 = (text: string): string => hash('sha256', text);

export const anInput = (payload: unknown, over: Partial<MapInput['event']> = {}): MapInput => ({
  payload: payload as Record<string, unknown>,
  event: {
    id: '6ba7b810-9dad-41d1-80b4-00c04fd430c8',
    type: 'lead.created',
    workspace: '11111111-1111-4111-8111-111111111111',
    resource: null,
    resource_id: null,
    created_at: Date.parse('2026-01-01T00:00:00Z'),
    ...over,
  },
});

/** Compiles a schema of directives and runs it on a payload. */
export function ran(schema: unknown, payload: unknown, over: Partial<MapInput['event']> = {}): MapResult {
  const mapping = compileMapping(schema, { sha256 });
  if (mapping.kind !== 'directives') throw new Error('an expression does not run here');
  return mapping.run(anInput(payload, over));
}

/** The same for the expression of a schema in version 2. */
export const ranMap = (map: unknown, payload: unknown): MapResult => ran({ schema_version: 2, map }, payload);
