// The calls about rules.
import { deletedAnswer, ruleAnswer, ruleInput, ruleUpdate, type Operation } from '@sluice/api';
import * as z from 'zod';
import { ruleQuery } from '../queries.ts';
import { list } from './list.ts';

export const rules: Operation[] = [
  {
    method: 'get',
    path: '/rules',
    tag: 'rules',
    summary: 'List rules',
    query: ruleQuery,
    answers: { 200: list(ruleAnswer) },
    errors: [400],
  },
  {
    method: 'post',
    path: '/rules',
    tag: 'rules',
    summary: 'Make a rule',
    body: ruleInput,
    answers: { 201: z.object({ rule: ruleAnswer }) },
    errors: [400, 404, 413, 415],
  },
  {
    method: 'get',
    path: '/rules/{id}',
    tag: 'rules',
    summary: 'Read a rule',
    answers: { 200: ruleAnswer },
    errors: [404],
  },
  {
    method: 'put',
    path: '/rules/{id}',
    tag: 'rules',
    summary: 'Change a rule',
    body: ruleUpdate,
    answers: { 200: ruleAnswer },
    errors: [400, 404, 413, 415],
  },
  {
    method: 'patch',
    path: '/rules/{id}',
    tag: 'rules',
    summary: 'Change parts of a rule',
    body: ruleUpdate,
    answers: { 200: ruleAnswer },
    errors: [400, 404, 413, 415],
  },
  {
    method: 'delete',
    path: '/rules/{id}',
    tag: 'rules',
    summary: 'Delete a rule',
    answers: { 200: deletedAnswer },
    errors: [404],
  },
];
