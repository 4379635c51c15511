// What is measured of a connector: a delivery of its fixtures that one request settles, and the answer that does so.
import { randomUUID } from 'node:crypto';
import type { AttemptParts } from '../../libs/connector-host/src/attempt.ts';
import { prepare, withAccess } from '../../libs/connector-host/src/prepare.ts';
import type { Send } from '../../libs/connector-host/src/settle.ts';
import type { Batch } from '../../libs/connector-kit/src/index.ts';
import type { Delivery } from '../../libs/contracts/src/index.ts';
import type { Exchange } from '../../libs/outbound/src/index.ts';
import type { Subject } from '../../tools/conformance/connectors.ts';
import {
  connectionOf,
  deliveryOf,
  exchangeOf,
  fixtureConnection,
  nowMs,
  tried,
} from '../../tools/conformance/trial.ts';

export interface Case {
  slug: string;
  action: string;
  delivery: Delivery;
  success: Extract<Exchange, { kind: 'answer' }>;
  batch: Batch<unknown, never, never> | undefined;
  parts: (send: Send) => AttemptParts<unknown>;
}

/** In the order of the fixtures. */
export async function casesOf(subject: Subject): Promise<Case[]> {
  const { slug, connector, fixtures } = subject;
  const cases: Case[] = [];
  for (const [action, list] of Object.entries(fixtures.deliveries)) {
    const answers = fixtures.answers.filter((each) => each.action === action && each.class === 'delivered');
    const { batch } = connector.actions[action] ?? {};
    for (const fixture of list) {
      const delivery = deliveryOf(subject, action, fixture);
      const success = await settling(subject, { delivery, connection: fixture.connection }, answers.map(exchangeOf));
      const parts = partsOf(subject, fixture.connection);
      if (success) cases.push({ slug, action, delivery, success, batch, parts });
    }
  }
  return cases;
}

/** The first answer with which the first request is the last. */
async function settling(
  subject: Subject,
  delivery: Parameters<typeof tried>[1],
  answers: readonly Exchange[],
): Promise<Case['success'] | undefined> {
  for (const answer of answers) {
    const { outcome, requests } = await tried(subject, delivery, () => answer);
    if (answer.kind === 'answer' && outcome.result === 'delivered' && requests.length === 1) return answer;
  }
  return undefined;
}

function partsOf(subject: Subject, name: string | undefined): Case['parts'] {
  const { connector, fixtures } = subject;
  const { access } = fixtureConnection(fixtures.connections, name);
  const connection = connectionOf(subject, name);
  const common = { connector, connection, traceId: null, spanId: null, nowMs: () => nowMs };
  return (send) => ({ ...common, access: () => ({ access }), send });
}

/** The same about many people. */
export const peopleOf = ({ delivery }: Case, count: number): Delivery[] =>
  Array.from({ length: count }, (_, number) => ({
    ...delivery,
    id: randomUUID(),
    payload: delivery.payload.replaceAll(/\bada@/gi, `ada${number}@`),
  }));

/** Whether the deliveries may all share requests. */
export function isOneGroup({ batch, parts }: Case, deliveries: readonly Delivery[]): boolean {
  const { connector, connection } = parts(() => Promise.reject(new Error('nothing is sent')));
  const keys = deliveries.map((delivery) => {
    const prepared = prepare(delivery, { connector, connection, nowMs });
    if (!('call' in prepared)) throw new Error(prepared.message);
    return batch?.key?.(withAccess(prepared, undefined));
  });
  return batch !== undefined && new Set(keys).size === 1;
}
