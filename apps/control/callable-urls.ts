// A connection's URLs lead where this installation calls; whoever saves another is told at once, and not by failed deliveries.
import { ApiError } from '@sluice/api';
import type { CatalogEntry } from '@sluice/contracts';
import { urlProblem, type OutboundPolicy } from '@sluice/outbound';
import type { Metadata } from './metadata.ts';

/** Throws ApiError (400) naming each URL that is not called. Names are resolved only when they are called, and checked again then. */
export function mustBeCallable({ metadata: schema }: CatalogEntry, metadata: Metadata, policy: OutboundPolicy): void {
  const properties = (schema.properties ?? {}) as Record<string, { format?: string }>;
  const data = Object.entries(metadata).flatMap(([name, value]) => {
    if (properties[name]?.format !== 'uri' || typeof value !== 'string') return [];
    const problem = urlProblem(value, policy);
    return problem ? [{ param: `metadata.${name}`, msg: problem.message }] : [];
  });
  if (data.length > 0) throw new ApiError('field_invalid', { data });
}
