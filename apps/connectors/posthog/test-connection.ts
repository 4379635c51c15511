// "Test connection": capturing takes any key and drops the events of one it does not know, so flags are asked for, which refuses it.
import { at, tested, type Question, type Tested } from '@sluice/connector-kit';
import { classify } from './classify.ts';
import type { PosthogMetadata } from './metadata.ts';
import { request } from './requests.ts';

export const test: Question<PosthogMetadata, Tested> = {
  build: ({ metadata }) => request(metadata, '/flags/?v=2', { distinct_id: 'sluice-connection-test' }),
  read: tested(classify, (body) => (at(body, 'flags') === undefined ? undefined : 'PostHog knows the key')),
};
