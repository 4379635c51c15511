// Identity is code: which ids are chosen at random, and which follow from others so that a repeat is recognised.
import { v5 as uuidV5 } from 'uuid';
import type { Event } from './generated.ts';

/** A new random id (UUID v4: clients of this API refuse v7 where they check the version). */
export const newId = (): string => crypto.randomUUID();

/**
 * The id of the delivery of one event for one rule: UUID v5 of the rule id in the namespace of the event id.
 * Any language can compute it, and routing the same event again gives the same id.
 */
export const deliveryId = (eventId: string, ruleId: string): string => uuidV5(ruleId, eventId);

/** The record key of an event: order is promised per resource id; events without one are spread over all partitions. */
export const eventKey = (event: Pick<Event, 'workspace' | 'resource_id'>): string | null =>
  event.resource_id === null ? null : `${event.workspace}:${event.resource_id}`;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether a text has the shape of a UUID, any version. */
export const isUuid = (text: string): boolean => UUID.test(text);
