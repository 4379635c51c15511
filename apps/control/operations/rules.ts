// The calls about rules, trying them, and why they decided as they did.
import {
  decisionsAnswer,
  deletedAnswer,
  newRuleTestInput,
  ruleAnswer,
  ruleInput,
  ruleTestAnswer,
  ruleTestInput,
  ruleUpdate,
  ruleWithWarnings,
  type Operation,
} from '@sluice/api';
import { decisionQuery, ruleQuery } from '../queries.ts';
import { list } from './list.ts';

const change = { tag: 'rules', body: ruleUpdate, answers: { 200: ruleAnswer }, errors: [400, 404, 409, 413, 415, 422] };

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
    answers: { 201: ruleWithWarnings },
    errors: [400, 404, 413, 415, 422],
  },
  {
    method: 'get',
    path: '/rules/{id}',
    tag: 'rules',
    summary: 'Read a rule',
    answers: { 200: ruleAnswer },
    errors: [404],
  },
  { method: 'put', path: '/rules/{id}', summary: 'Change a rule', ...change },
  { method: 'patch', path: '/rules/{id}', summary: 'Change parts of a rule', ...change },
  {
    method: 'delete',
    path: '/rules/{id}',
    tag: 'rules',
    summary: 'Delete a rule',
    answers: { 200: deletedAnswer },
    errors: [404],
  },
  {
    method: 'post',
    path: '/rules/test',
    tag: 'rules',
    summary: 'Try a rule that is not stored on an event, without sending anything',
    body: newRuleTestInput,
    answers: { 200: ruleTestAnswer },
    errors: [400, 404, 413, 415, 422],
  },
  {
    method: 'post',
    path: '/rules/{id}/test',
    tag: 'rules',
    summary: 'Try a rule on an event, without sending anything',
    body: ruleTestInput,
    answers: { 200: ruleTestAnswer },
    errors: [400, 404, 413, 415],
  },
  {
    method: 'get',
    path: '/events/{id}/decisions',
    tag: 'events',
    summary: 'Why each rule did or did not match an event',
    query: decisionQuery,
    answers: { 200: decisionsAnswer },
    errors: [400, 404],
  },
];
