// What a connector makes of an answer, asked as the product asks it: after its own request, alone or for two deliveries at once.
import { prepare, withAccess } from '@sluice/connector-host/prepare.ts';
import type { AnswerClass, Reading } from '@sluice/connector-kit';
import { answer, type Answer, type AnswerFixture } from '@sluice/connector-kit/fixtures.ts';
import type { Subject } from './connectors.ts';
import { connectionOf, deliveryOf, fixtureConnection, nowMs } from './trial.ts';

/** The request that a fixture's answer is for. */
function askedFor(subject: Subject, fixture: AnswerFixture) {
  const list = subject.fixtures.deliveries[fixture.action] ?? [];
  const found = fixture.delivery === undefined ? list[0] : list.find(({ name }) => name === fixture.delivery);
  if (!found) throw new Error(`no delivery ${fixture.delivery ?? ''} of ${fixture.action}`);
  const name = fixture.connection ?? found.connection;
  const connection = connectionOf(subject, name);
  const prepared = prepare(deliveryOf(subject, fixture.action, found), {
    connector: subject.connector,
    connection,
    nowMs,
  });
  if (!('call' in prepared)) throw new Error(prepared.message);
  return {
    action: prepared.action,
    call: withAccess(prepared, fixtureConnection(subject.fixtures.connections, name).access),
  };
}

/** What the connector makes of an answer to two deliveries at once. */
export function classesOfTwo(subject: Subject, fixture: AnswerFixture): AnswerClass[] {
  const { action, call } = askedFor(subject, fixture);
  if (!action.batch) throw new Error(`${fixture.action} sends one delivery in a request`);
  return action.batch.read(responseOf(fixture), [call, call], nowMs).map((each) => each.class);
}

/** What the connector makes of an answer, after the answers before it. */
export function readingOf(subject: Subject, fixture: AnswerFixture): Reading {
  const { action, call } = askedFor(subject, fixture);
  const [head, ...rest] = [...(fixture.after ?? []), fixture].map(responseOf);
  const first = head && (action.read ? action.read(head, call, nowMs) : subject.connector.classify(head, nowMs));
  if (!first) throw new Error('an answer is expected');
  return rest.reduce<Reading>((reading, response) => {
    if (!('then' in reading)) throw new Error(`settled before the answer ${fixture.name}`);
    return reading.read(response, nowMs);
  }, first);
}

const responseOf = ({ status, body, headers }: Answer) => answer(status, body, headers);

export const classOf = (reading: Reading): AnswerClass | 'conflict' | 'step' =>
  'then' in reading ? reading.why : reading.class;
