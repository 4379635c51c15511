// One step of a replay of many: the next dead letters are asked for again, and the step after it waits as the rate says. Pure but for its lease.
import { askedAgain, type ReplayLease } from '@sluice/persistence';

/** Steps per second where the rate allows, and how many dead letters one may take: what a crash may repeat. */
const steps = { perSecond: 10, lettersMax: 100 } as const;

/** So much of its rate may a replay make up for after it was held up. Milliseconds. */
const catchUpMs = 1_000;

export async function step({ replay, now, next, ask, leave }: ReplayLease): Promise<void> {
  const deliveries = await next(lettersOf(replay.rate));
  if (deliveries.length === 0) return leave();
  const { id, requested_by } = replay;
  const asking = { id, trigger: 'replay', requested_by, requested_at: now.getTime() } as const;
  const letters = deliveries.map((delivery) => askedAgain(delivery, asking));
  await ask(letters, nextAt(replay, now, letters.length));
}

const lettersOf = (rate: number): number => Math.min(steps.lettersMax, Math.ceil(rate / steps.perSecond));

/** A bucket of tokens, written as the time at which it is empty. */
function nextAt({ next_at, rate }: ReplayLease['replay'], now: Date, asked: number): Date {
  const fromMs = Math.max(next_at.getTime(), now.getTime() - catchUpMs);
  return new Date(Math.ceil(fromMs + (asked / rate) * 1_000));
}
