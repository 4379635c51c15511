// The calls that ask a connection's vendor something, and those by which a person authorizes it.
import {
  connectionActionsAnswer,
  connectionFieldsAnswer,
  connectionTestAnswer,
  oauthCallbackQuery,
  oauthStart,
  oauthStartAnswer,
  refreshQuery,
  type Operation,
} from '@sluice/api';
import * as z from 'zod';

const tag = 'connections';

export const live: Operation[] = [
  {
    method: 'post',
    path: '/connections/{id}/test',
    tag,
    summary: 'Try the credentials of a connection; changes nothing',
    answers: { 200: connectionTestAnswer },
    errors: [404, 422],
  },
  {
    method: 'get',
    path: '/connections/{id}/actions',
    tag,
    summary: 'List what a connection can do, with what there is to choose',
    query: refreshQuery,
    answers: { 200: connectionActionsAnswer },
    errors: [400, 404],
  },
  {
    method: 'get',
    path: '/connections/{id}/fields',
    tag,
    summary: "List the fields of the vendor's records",
    query: refreshQuery,
    answers: { 200: connectionFieldsAnswer },
    errors: [400, 404, 503],
  },
  {
    method: 'post',
    path: '/connections/{id}/oauth/authorize',
    tag,
    summary: 'Begin an authorization',
    body: oauthStart,
    answers: { 200: oauthStartAnswer },
    errors: [400, 404, 413, 415],
  },
  {
    method: 'get',
    path: '/oauth/callback',
    tag,
    summary: 'Come back from the vendor, in a browser',
    open: true,
    page: true,
    query: oauthCallbackQuery,
    answers: { 200: z.string() },
    errors: [400, 502],
  },
];
