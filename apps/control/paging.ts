// Pages of configuration lists: newest first, by creation time and id.
import { decodeCursor, fieldError, listAnswer, pageLimits, type Cursor } from '@sluice/api';
import type { Page } from '@sluice/persistence';
import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import * as z from 'zod';

export const pageQuery = z.object({
  limit: z.coerce.number().int().min(pageLimits.min).max(pageLimits.max).default(pageLimits.default),
  cursor: z.string().max(200).optional(),
});
export type PageQuery = z.infer<typeof pageQuery>;

/** Where a page begins. Throws ApiError (400) for a cursor that is not ours. */
export function pageOf({ limit, cursor }: PageQuery): Page {
  return { limit, after: cursor === undefined ? undefined : decodeCursor(cursor) };
}

/** Runs a query of entities that have `created_at` and `id`, alias `record`, and answers one page of it. */
export async function paged<E extends ObjectLiteral & { id: string }, A>(
  find: SelectQueryBuilder<E>,
  query: PageQuery,
  answerOf: (entity: E) => A,
) {
  const page = pageOf(query);
  if (page.after) {
    find.andWhere('(record.created_at, record.id) < (:at::timestamptz, :id)', { at: page.after.at, id: page.after.id });
  }
  const { entities, raw } = await find
    .addSelect(`to_char(record.created_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`, 'sort_time')
    .orderBy('record.created_at', 'DESC')
    .addOrderBy('record.id', 'DESC')
    .limit(page.limit + 1)
    .getRawAndEntities<{ sort_time: string }>();
  const cursors = new Map<string, Cursor>(
    entities.map(({ id }, index) => [id, { at: raw[index]?.sort_time ?? '', id }]),
  );
  const answer = listAnswer(entities, page.limit, ({ id }) => cursors.get(id) ?? { at: '', id });
  return { ...answer, records: answer.records.map(answerOf) };
}

/** A filter of a query that must be a time. */
export const timeFilter = z.iso.datetime({ offset: true }).optional();

/** A filter of a query that must be an id. */
export const idFilter = z.uuid().optional();

/** A path parameter that must be a whole number from 1. Throws ApiError (400). */
export function wholeNumber(param: string, text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw fieldError(param, 'must be a whole number from 1');
  return Number(text);
}
