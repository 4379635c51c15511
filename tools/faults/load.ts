// Sends events until each is accepted, a call again with the same Idempotency-Key where it was not, and notes each answer.
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../local/failure.ts';
import { promisedIds, type Answer, type Customer, type Draft } from './customer.ts';
import { hashOf, type Ledger } from './ledger.ts';

export interface Load {
  readonly customer: Pick<Customer, 'append' | 'workspace'>;
  readonly ledger: Ledger;
  readonly events: number;
  /** The number of the first event. What a customer sends twice is one event, so phases of a run go on where the one before ended. */
  readonly first?: number;
  readonly draft: (n: number) => Draft;
  /** Events in one call. */
  readonly bulk?: number;
  /** Calls under way at once. */
  readonly senders?: number;
  /** Events a second at most. */
  readonly perSecond?: number;
  /** Whether a call that was not accepted is made again: otherwise its events are left out. */
  readonly insists?: boolean;
  /** Nothing more is sent once it says so. */
  readonly isOver?: () => boolean;
  readonly onAccepted?: (accepted: number) => void;
}

export interface Sent {
  /** How many calls had each status; 0: no answer. */
  readonly statuses: ReadonlyMap<number, number>;
  readonly calls: readonly { readonly atMs: number; readonly status: number; readonly tookMs: number }[];
  readonly tookMs: number;
}

const againAfterMs = 200;
/** A product that accepts nothing for so long is beyond what any scenario allows. */
const insistMs = 120_000;

export async function send(load: Load): Promise<Sent> {
  const { events, first = 0, bulk = 1, senders = 8, perSecond = Infinity, isOver = () => false } = load;
  const calls: { atMs: number; status: number; tookMs: number }[] = [];
  const startedAtMs = Date.now();
  let next = 0;
  let accepted = 0;
  const sender = async (): Promise<void> => {
    while (next < events && !isOver()) {
      const begun = next;
      const numbers = Array.from({ length: Math.min(bulk, events - begun) }, (_, index) => first + begun + index);
      next += numbers.length;
      const waitMs = startedAtMs + (begun / perSecond) * 1_000 - Date.now();
      if (waitMs > 0) await sleep(waitMs);
      const promised = await appended(load, numbers, calls);
      accepted += promised;
      load.onAccepted?.(accepted);
    }
  };
  await Promise.all(Array.from({ length: senders }, sender));
  const statuses = new Map(
    [...Map.groupBy(calls, ({ status }) => status)].map(([status, all]) => [status, all.length]),
  );
  return { statuses, calls, tookMs: Date.now() - startedAtMs };
}

/** How many events were promised. */
async function appended(
  { customer, ledger, draft, insists = true, isOver = () => false }: Load,
  numbers: readonly number[],
  calls: { atMs: number; status: number; tookMs: number }[],
): Promise<number> {
  const drafts = numbers.map(draft);
  for (const firstSentAtMs = Date.now(); ;) {
    const sentAtMs = Date.now();
    const answer: Answer = await customer.append(drafts);
    const acceptedAtMs = Date.now();
    calls.push({ atMs: acceptedAtMs, status: answer.status, tookMs: answer.tookMs });
    const ids = promisedIds(answer);
    ids.forEach((event, index) => {
      const { type, payload, resourceId = null } = drafts[index] as Draft;
      const n = numbers[index] ?? 0;
      const { workspace } = customer;
      ledger.add({ event, workspace, type, n, payloadHash: hashOf(payload), resourceId, sentAtMs, acceptedAtMs });
    });
    if (ids.length > 0) return ids.length;
    if (!insists || isOver()) {
      for (const { payload } of drafts) ledger.unconfirmed.add(hashOf(payload));
      return 0;
    }
    // A draft that is at fault stays so; any other answer may be better later.
    if (answer.status === 400)
      throw new Failure(`event ${numbers[0]} is refused: ${JSON.stringify(answer.body).slice(0, 300)}`);
    if (Date.now() - firstSentAtMs > insistMs)
      throw new Error(`event ${numbers[0]} is not accepted, last answer ${answer.status}`);
    await sleep(againAfterMs);
  }
}
