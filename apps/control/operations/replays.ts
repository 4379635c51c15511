// The calls about replays of all dead letters that a filter names.
import { replayCount, replayRunAnswer, replayRunInput, type Operation } from '@sluice/api';
import * as z from 'zod';
import { pageQuery } from '../paging.ts';
import { list } from './list.ts';

const tag = 'dead letters';

export const replays: Operation[] = [
  {
    method: 'post',
    path: '/replays',
    tag,
    summary: 'Replay all dead letters that a filter names, or count them',
    body: replayRunInput,
    answers: { 200: replayCount, 201: z.object({ replay: replayRunAnswer }) },
    errors: [400, 404, 413, 415],
  },
  {
    method: 'get',
    path: '/replays',
    tag,
    summary: 'List replays',
    query: pageQuery,
    answers: { 200: list(replayRunAnswer) },
    errors: [400],
  },
  {
    method: 'get',
    path: '/replays/{id}',
    tag,
    summary: 'Read a replay with its progress',
    answers: { 200: replayRunAnswer },
    errors: [404],
  },
  {
    method: 'post',
    path: '/replays/{id}/cancel',
    tag,
    summary: 'Cancel a replay; what it asked for goes on',
    answers: { 200: replayRunAnswer },
    errors: [404],
  },
];
