// What every connector has to keep when it asks the vendor something: it asks nobody else, and no answer makes it believe in anything
// that the vendor has not said.
import { describe, expect, it } from '@jest/globals';
import { InputError, type HttpRequest, type HttpResponse, type Question } from '@sluice/connector-kit';
import { answer } from '@sluice/connector-kit/fixtures.ts';
import fc from 'fast-check';
import { subjects, type Subject } from './connectors.ts';

const all = await subjects();

/** Answers of 200 that no vendor gives. */
const hostile: readonly [what: string, body: string][] = [
  ['nothing', ''],
  ['HTML', '<html><body>Sign in</body></html>'],
  ['half of a JSON', '{"results": [{"id": "1", "name": "a"}, {"na'],
  ['null', 'null'],
  ['a number', '7'],
  ['a list of lists', '[[[null]]]'],
  ['lists within lists without end', `${'['.repeat(50_000)}${']'.repeat(50_000)}`],
  ['a very long text', 'a'.repeat(1_000_000)],
];

/** Where connectors look for what they ask, with something else there. */
const members = ['results', 'data', 'lists', 'records', 'fields', 'sobjects', 'channels', 'admins', 'app', 'options'];
const entryMembers = ['id', 'Id', 'listId', 'name', 'Name', 'label', 'value', 'type', 'options', 'stages', 'length'];
const entry = fc.oneof(fc.jsonValue(), fc.dictionary(fc.constantFrom(...entryMembers), fc.jsonValue()));
const strange = fc.dictionary(fc.constantFrom(...members), fc.oneof(fc.jsonValue(), fc.array(entry)));

const choice = { value: expect.any(String), label: expect.any(String) };
const recordField = {
  key: expect.any(String),
  label: expect.any(String),
  type: expect.any(String),
  description: expect.any(String),
  constraints: expect.any(Object),
};

describe.each(all.map((subject) => [subject.slug, subject] as const))('the connector %s', (_slug, subject) => {
  const { test, choices = {}, recordFields } = subject.connector;
  const lists: { question: Question<unknown, unknown[]>; shape: object }[] = [
    ...Object.values(choices).map((question) => ({ question, shape: choice })),
    ...(recordFields ? [{ question: recordFields, shape: recordField }] : []),
  ];

  it('asks only where its deliveries go, and shows no secret', () => {
    for (const question of [...(test ? [test] : []), ...lists.map((list) => list.question)]) {
      for (const name of Object.keys(subject.fixtures.connections)) {
        const request = built(subject, { question, name });
        if (request === undefined) continue;
        expect(originsOf(subject, name)).toContain(new URL(request.url).origin);
        expect(shown(request)).not.toContain('canary');
      }
    }
  });

  it.each(hostile)('learns nothing from %s', (_what, body) => {
    if (test) expect(read(test, answer(200, body))).not.toMatchObject({ ok: true });
    for (const { question } of lists) expect(read(question, answer(200, body)) ?? []).toEqual([]);
  });

  it('takes no refusal for a success', () => {
    for (const status of [400, 401, 403, 404, 429, 500, 503]) {
      if (!test) continue;
      const tested = read(test, answer(status, '<html>no</html>'));
      expect(tested?.ok).toBe(false);
      expect(tested?.message).not.toBe('');
    }
  });

  it('makes of whatever is listed what it says it makes', () => {
    fc.assert(
      fc.property(strange, (body) => {
        for (const { question, shape } of lists) {
          for (const each of read(question, answer(200, { ok: true, ...body })) ?? []) expect(each).toEqual(shape);
        }
      }),
    );
  });

  it('offers no more choices than anybody could read', () => {
    const many = Array.from({ length: 1_500 }, (_, at) => ({
      ...Object.fromEntries(entryMembers.map((key) => [key, String(at)])),
      createable: true,
      updateable: true,
    }));
    const body = { ok: true, ...Object.fromEntries(members.map((member) => [member, many])) };
    const stages = { results: many.slice(0, 2).map((pipeline) => ({ ...pipeline, stages: many })) };
    for (const question of Object.values(choices)) {
      for (const each of [body, stages])
        expect((read(question, answer(200, each)) ?? []).length).toBeLessThanOrEqual(1_000);
    }
  });
});

/** Undefined where the question cannot be asked over this connection, and says so. */
function built(
  { connector, fixtures }: Subject,
  { question, name }: { question: Question<unknown, unknown>; name: string },
): HttpRequest | undefined {
  const { metadata, access } = fixtures.connections[name] ?? { metadata: {} };
  try {
    return question.build({ metadata: connector.metadata.parse(metadata), access });
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

/** Undefined where it throws, which the host tells as the question's problem. */
function read<A>(question: Question<unknown, A>, response: HttpResponse): A | undefined {
  try {
    return question.read(response);
  } catch {
    return undefined;
  }
}

/** Of the deliveries over this connection; of all of them where it has none of its own. */
function originsOf({ fixtures }: Subject, name: string): string[] {
  const [usual] = Object.keys(fixtures.connections);
  const deliveries = Object.values(fixtures.deliveries).flat();
  const own = deliveries.filter(({ connection = usual }) => connection === name);
  return (own.length > 0 ? own : deliveries).flatMap(({ requests }) => requests.map(({ url }) => new URL(url).origin));
}

/** What of a request may be kept and shown. */
function shown({ url, headers, body, secretHeaders, secrets = [] }: HttpRequest): string {
  const open = Object.entries(headers).filter(([name]) => !secretHeaders.includes(name));
  return secrets.reduce((text, secret) => text.replaceAll(secret, ''), JSON.stringify([url, open, body]));
}
