// Proves that the page of the connectors tells each action's members and each class's answers, and where there is none.
import { describe, expect, it } from '@jest/globals';
import type { AnswerFixture } from '@sluice/connector-kit/fixtures.ts';
import type { CatalogEntry } from '@sluice/contracts';
import { connectorsPage } from './connectors.ts';

const text = { type: 'string' };
const entry: CatalogEntry = {
  slug: 'acme',
  label: 'Acme',
  api_version: null,
  authentication: 'key',
  metadata: {},
  limits: { concurrency: 2, rate: { limit: 1_000, per: 'hour' } },
  has_test: true,
  choices: ['lists'],
  has_record_fields: false,
  actions: {
    add: {
      key: 'add',
      label: 'Add somebody',
      noun: 'member',
      idempotency: 'natural',
      batch_max: 7,
      fields: { properties: { id: { ...text, choices: 'lists', description: 'a | b <c>' } }, required: ['id'] },
      input: {
        anyOf: [
          { properties: { who: { type: 'object', properties: { email: text }, additionalProperties: {} } } },
          { properties: { how: { enum: ['gently', 'at once'], default: 'gently' }, tags: { items: text } } },
        ],
      },
    },
    tell: { key: 'tell', label: 'Tell it', noun: 'event', idempotency: 'none' },
  },
};
const answer = (name: string, action: string): AnswerFixture => ({ name, action, status: 400, class: 'permanent' });
const page = connectorsPage([
  { entry, answers: [answer('400 bad', 'add'), answer('400 bad', 'tell'), answer('add: 422 worse', 'add')] },
]);

describe('the page of the connectors', () => {
  it('tells the members of an action, also those within others', () => {
    expect(page).toContain('| field | `id`, required | string | a \\| b &lt;c>; live choices: `lists` |');
    expect(page).toContain('| input | `who.email` | string |  |\n| input | `who.` any other | any |  |');
    expect(page).toContain('| input | `how` | `gently`, `at once` | otherwise `"gently"` |');
    expect(page).toContain('| input | `tags` | list of string |  |');
  });

  it('tells what is kept, and what an action is like', () => {
    expect(page).toContain('| requests | 1,000 per hour, 2 at a time |');
    expect(page).toContain('Idempotency: natural; up to 7 deliveries in a request.\n');
    expect(page).toContain('Idempotency: none; one delivery in a request. Its input is any JSON.\n');
  });

  it('counts the answers of each class, names them once, and says where there is none', () => {
    expect(page.split('\n').find((line) => line.startsWith('| Acme |'))).toBe(
      `| Acme | ${['delivered', 'retry', 'throttle', 'auth_expired', 'auth_dead'].map(() => 'none documented').join(' | ')} | 3 | none documented | none documented | 2 | none documented |`,
    );
    expect(page).toContain('- permanent\n  - 400 bad (`add`, `tell`)\n  - 422 worse (`add`)\n');
  });
});
