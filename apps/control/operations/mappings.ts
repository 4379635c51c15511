// The calls about mappings.
import {
  mappingAnswer,
  mappingInput,
  mappingPreview,
  mappingPreviewInput,
  mappingVersion,
  type Operation,
} from '@sluice/api';
import { list } from './list.ts';

const path = '/connections/{id}/mappings/default';

export const mappings: Operation[] = [
  {
    method: 'get',
    path,
    tag: 'mappings',
    summary: 'Read the default mapping of a connection, or what is used where none is stored',
    answers: { 200: mappingAnswer },
    errors: [404],
  },
  {
    method: 'put',
    path,
    tag: 'mappings',
    summary: 'Store a new version of the default mapping',
    body: mappingInput,
    answers: { 200: mappingAnswer },
    errors: [400, 404, 409, 413, 415, 422],
  },
  {
    method: 'get',
    path: `${path}/versions`,
    tag: 'mappings',
    summary: 'List the versions of the default mapping',
    answers: { 200: list(mappingVersion) },
    errors: [404],
  },
  {
    method: 'post',
    path: '/mappings/preview',
    tag: 'mappings',
    summary: 'Show what a new mapping would change on the newest events',
    body: mappingPreviewInput,
    answers: { 200: mappingPreview },
    errors: [400, 404, 413, 415, 422],
  },
];
