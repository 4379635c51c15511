// Which URLs of a connection are refused when it is saved.
import { describe, expect, it } from '@jest/globals';
import { ApiError } from '@sluice/api';
import { catalog } from '@sluice/catalog';
import type { CatalogEntry } from '@sluice/contracts';
import { readAllowList } from '@sluice/outbound';
import { mustBeCallable } from './callable-urls.ts';

const webhook = catalog.get('webhook') as CatalogEntry;
const policy = { allow: readAllowList('127.0.0.1/32'), allowHttp: true };

describe('the URL of a connection', () => {
  it.each(['https://example.com/hook', 'http://127.0.0.1:3009/hooks/demo'])('may be %s', (url) => {
    expect(() => mustBeCallable(webhook, { url }, policy)).not.toThrow();
  });

  it.each(['http://169.254.169.254/latest', 'http://10.0.0.1/', 'https://[::1]/', 'http://2130706434/'])(
    'may not be %s',
    (url) => {
      let problem: unknown;
      try {
        mustBeCallable(webhook, { url, headers: { a: url } }, policy);
      } catch (error) {
        problem = error;
      }
      expect(problem).toBeInstanceOf(ApiError);
      expect((problem as ApiError).data).toEqual([{ param: 'metadata.url', msg: expect.any(String) }]);
    },
  );
});
