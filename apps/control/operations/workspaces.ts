// The calls about workspaces.
import {
  connectionAnswer,
  eventAnswer,
  ruleAnswer,
  workspaceAnswer,
  workspaceInput,
  workspaceUpdate,
  type Operation,
} from '@sluice/api';
import * as z from 'zod';
import { pageQuery } from '../paging.ts';
import { eventQuery, ruleQuery } from '../queries.ts';
import { list } from './list.ts';

export const workspaces: Operation[] = [
  {
    method: 'get',
    path: '/workspaces',
    tag: 'workspaces',
    summary: 'List workspaces',
    query: pageQuery,
    answers: { 200: list(workspaceAnswer) },
    errors: [400],
  },
  {
    method: 'post',
    path: '/workspaces',
    tag: 'workspaces',
    summary: 'Make a workspace',
    body: workspaceInput,
    answers: { 201: z.object({ workspace: workspaceAnswer }) },
    errors: [400, 413, 415],
  },
  {
    method: 'get',
    path: '/workspaces/{id}',
    tag: 'workspaces',
    summary: 'Read a workspace',
    answers: { 200: workspaceAnswer },
    errors: [404],
  },
  {
    method: 'put',
    path: '/workspaces/{id}',
    tag: 'workspaces',
    summary: 'Change a workspace',
    body: workspaceUpdate,
    answers: { 200: workspaceAnswer },
    errors: [400, 404, 413, 415],
  },
  {
    method: 'get',
    path: '/workspaces/{id}/connections',
    tag: 'workspaces',
    summary: "List a workspace's connections",
    query: pageQuery,
    answers: { 200: list(connectionAnswer) },
    errors: [400, 404],
  },
  {
    method: 'get',
    path: '/workspaces/{id}/rules',
    tag: 'workspaces',
    summary: "List a workspace's rules",
    query: ruleQuery,
    answers: { 200: list(ruleAnswer) },
    errors: [400, 404],
  },
  {
    method: 'get',
    path: '/workspaces/{id}/events',
    tag: 'workspaces',
    summary: "List a workspace's events",
    query: eventQuery,
    answers: { 200: list(eventAnswer) },
    errors: [400, 404],
  },
  {
    method: 'get',
    path: '/workspaces/{id}/event-types',
    tag: 'workspaces',
    summary: 'List the event types a workspace has seen',
    answers: { 200: z.array(z.string()) },
    errors: [404],
  },
  {
    method: 'get',
    path: '/workspaces/{id}/resources',
    tag: 'workspaces',
    summary: 'List the resources a workspace has seen',
    answers: { 200: z.array(z.string()) },
    errors: [404],
  },
];
