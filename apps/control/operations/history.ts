// The calls about what happened.
import {
  attemptAnswer,
  deadLetterAnswer,
  deadLetterSummary,
  eventAnswer,
  jsonObject,
  replayAnswer,
  ruleEvent,
  type Operation,
} from '@sluice/api';
import * as z from 'zod';
import { deadLetterQuery, eventQuery } from '../queries.ts';
import { list } from './list.ts';

const attempts = '/events/{id}/rules/{rule}/attempts';

export const history: Operation[] = [
  {
    method: 'get',
    path: '/events',
    tag: 'events',
    summary: 'List events',
    query: eventQuery,
    answers: { 200: list(eventAnswer) },
    errors: [400],
  },
  {
    method: 'get',
    path: '/events/{id}',
    tag: 'events',
    summary: 'Read an event with its rule events',
    answers: { 200: eventAnswer },
    errors: [404],
  },
  {
    method: 'get',
    path: '/events/{id}/payload',
    tag: 'events',
    summary: 'Read the payload as it came in',
    answers: { 200: jsonObject },
    errors: [404],
  },
  {
    method: 'post',
    path: '/events/{id}/rules/{rule}/retry',
    tag: 'events',
    summary: 'Try a failed rule event again',
    answers: { 200: ruleEvent },
    errors: [404, 409, 425, 503],
  },
  {
    method: 'get',
    path: attempts,
    tag: 'events',
    summary: 'List attempts',
    answers: { 200: list(attemptAnswer) },
    errors: [404],
  },
  {
    method: 'get',
    path: `${attempts}/{attempt}`,
    tag: 'events',
    summary: 'Read an attempt',
    answers: { 200: attemptAnswer },
    errors: [400, 404],
  },
  {
    method: 'get',
    path: `${attempts}/{attempt}/response-details`,
    tag: 'events',
    summary: 'Read what the destination answered',
    answers: { 200: attemptAnswer.shape.response.unwrap() },
    errors: [400, 404],
  },
  {
    method: 'get',
    path: '/dead-letters',
    tag: 'dead letters',
    summary: 'List dead letters',
    query: deadLetterQuery,
    answers: { 200: list(deadLetterSummary) },
    errors: [400, 404],
  },
  {
    method: 'get',
    path: '/dead-letters/{id}',
    tag: 'dead letters',
    summary: 'Read a dead letter with its history',
    answers: { 200: deadLetterAnswer },
    errors: [404],
  },
  {
    method: 'post',
    path: '/dead-letters/{id}/replay',
    tag: 'dead letters',
    summary: 'Replay a dead letter',
    answers: { 201: z.object({ replay: replayAnswer }) },
    errors: [404, 425, 503],
  },
];
