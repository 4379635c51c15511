// The calls about event types.
import {
  deletedAnswer,
  discoveredEventType,
  eventTypeAnswer,
  eventTypeInput,
  eventTypeUpdate,
  type Operation,
} from '@sluice/api';
import * as z from 'zod';
import { eventTypeQuery } from '../queries.ts';
import { list } from './list.ts';

export const eventTypes: Operation[] = [
  {
    method: 'get',
    path: '/event-types',
    tag: 'event types',
    summary: 'List registered event types',
    query: eventTypeQuery,
    answers: { 200: list(eventTypeAnswer) },
    errors: [400, 404],
  },
  {
    method: 'post',
    path: '/event-types',
    tag: 'event types',
    summary: 'Register an event type',
    body: eventTypeInput,
    answers: { 201: z.object({ event_type: eventTypeAnswer }) },
    errors: [400, 404, 409, 413, 415, 422],
  },
  {
    method: 'get',
    path: '/event-types/discovered',
    tag: 'event types',
    summary: 'List event types seen in traffic that are not registered',
    query: eventTypeQuery,
    answers: { 200: list(discoveredEventType) },
    errors: [400, 404],
  },
  {
    method: 'get',
    path: '/event-types/{id}',
    tag: 'event types',
    summary: 'Read an event type',
    answers: { 200: eventTypeAnswer },
    errors: [404],
  },
  {
    method: 'put',
    path: '/event-types/{id}',
    tag: 'event types',
    summary: 'Change an event type, compatibly unless forced',
    body: eventTypeUpdate,
    answers: { 200: eventTypeAnswer },
    errors: [400, 404, 409, 413, 415, 422],
  },
  {
    method: 'delete',
    path: '/event-types/{id}',
    tag: 'event types',
    summary: 'Delete an event type',
    answers: { 200: deletedAnswer },
    errors: [404],
  },
];
