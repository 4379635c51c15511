// The queries of lists: what can be filtered by, each a predicate of the database.
import { states, statuses } from '@sluice/api';
import * as z from 'zod';
import { idFilter, pageQuery, timeFilter } from './paging.ts';

const name = z.string().min(1).max(200).optional();

export const ruleQuery = pageQuery.extend({ event: name, resource: name, resource_id: name });

export const eventQuery = pageQuery.extend({
  event: name,
  resource: name,
  resource_id: name,
  status: z.enum(statuses).optional(),
  state: z.enum(states).optional().meta({ description: 'of any of its rule events' }),
  connection: idFilter,
  rule: idFilter,
  outcome_code: name,
  http_status: z.coerce.number().int().min(100).max(599).optional(),
  from: timeFilter,
  to: timeFilter,
  q: name.meta({ description: 'exact event id, email, resource id or trace id' }),
});

export const eventTypeQuery = pageQuery.extend({ workspace: idFilter, name });

export const decisionQuery = z.object({
  connection: idFilter,
  rule: idFilter,
  at: z
    .enum(['then', 'now'])
    .default('then')
    .meta({ description: 'rules as they stood when the event was routed, or as they stand' }),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export const deadLetterQuery = pageQuery.extend({
  workspace: idFilter,
  connection: idFilter,
  event: name,
  reason: name,
  from: timeFilter,
  to: timeFilter,
});
