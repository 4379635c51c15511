// The calls that ingest answers.
import { acceptedEvent, bulkAnswer, eventInput, type Operation } from '@sluice/api';
import * as z from 'zod';

const idempotency = { 'idempotency-key': 'the same key in the same workspace within 24 h is the same event' };

export const ingestion: Operation[] = [
  {
    method: 'post',
    path: '/events',
    tag: 'events',
    summary: 'Accept an event',
    publishableKey: true,
    headers: idempotency,
    body: eventInput,
    answers: { 201: z.object({ event: acceptedEvent }) },
    errors: [400, 404, 413, 415, 422, 503],
  },
  {
    method: 'post',
    path: '/events/bulk',
    tag: 'events',
    summary: 'Accept up to 100 events',
    publishableKey: true,
    headers: idempotency,
    body: z.array(eventInput).min(1).max(100),
    answers: { 201: bulkAnswer, 207: bulkAnswer },
    errors: [400, 413, 415, 503],
  },
];
