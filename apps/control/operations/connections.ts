// The calls about connections.
import {
  connectionAnswer,
  connectionDeletion,
  connectionInput,
  connectionUpdate,
  deletedAnswer,
  integrationAnswer,
  jsonObject,
  parkedSummary,
  type Operation,
} from '@sluice/api';
import * as z from 'zod';
import { pageQuery } from '../paging.ts';
import { list } from './list.ts';

export const connections: Operation[] = [
  {
    method: 'get',
    path: '/integrations',
    tag: 'connections',
    summary: 'List what can be connected',
    answers: { 200: z.array(integrationAnswer) },
  },
  {
    method: 'get',
    path: '/connections',
    tag: 'connections',
    summary: 'List connections',
    query: pageQuery,
    answers: { 200: list(connectionAnswer) },
    errors: [400],
  },
  {
    method: 'post',
    path: '/connections',
    tag: 'connections',
    summary: 'Make a connection',
    body: connectionInput,
    answers: {
      201: z.object({
        connection: connectionAnswer,
        generated: jsonObject.optional().meta({ description: 'secrets made for it, shown this once' }),
      }),
    },
    errors: [400, 404, 413, 415],
  },
  {
    method: 'get',
    path: '/connections/{id}',
    tag: 'connections',
    summary: 'Read a connection',
    answers: { 200: connectionAnswer },
    errors: [404],
  },
  {
    method: 'put',
    path: '/connections/{id}',
    tag: 'connections',
    summary: 'Change a connection',
    body: connectionUpdate,
    answers: { 200: connectionAnswer },
    errors: [400, 404, 413, 415],
  },
  {
    method: 'delete',
    path: '/connections/{id}',
    tag: 'connections',
    summary: 'Delete a connection',
    body: connectionDeletion,
    answers: { 200: deletedAnswer },
    errors: [400, 404, 409],
  },
  {
    method: 'get',
    path: '/connections/{id}/parked',
    tag: 'connections',
    summary: 'List what is parked',
    query: pageQuery,
    answers: { 200: list(parkedSummary) },
    errors: [400, 404],
  },
];
