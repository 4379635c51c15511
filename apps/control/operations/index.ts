// The table of every call of the API, ingest's included; the OpenAPI document is made of it, and a test holds it against the routes.
import { jsonObject, type Operation } from '@sluice/api';
import { connections } from './connections.ts';
import { eventTypes } from './event-types.ts';
import { history } from './history.ts';
import { ingestion } from './ingestion.ts';
import { live } from './live.ts';
import { mappings } from './mappings.ts';
import { replays } from './replays.ts';
import { rules } from './rules.ts';
import { workspaces } from './workspaces.ts';

export const operations: readonly Operation[] = [
  ...ingestion,
  ...workspaces,
  ...connections,
  ...live,
  ...rules,
  ...mappings,
  ...eventTypes,
  ...history,
  ...replays,
  {
    method: 'get',
    path: '/openapi.json',
    tag: 'about',
    summary: 'Read this document',
    open: true,
    answers: { 200: jsonObject },
  },
];
