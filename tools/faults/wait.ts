// Waiting with a limit: for a condition to hold, or for numbers to stand still.
import { setTimeout as sleep } from 'node:timers/promises';

/** Whether the condition held within the limit. */
export async function holdsWithin(limitMs: number, holds: () => Promise<boolean> | boolean): Promise<boolean> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    if (await holds()) return true;
    if (Date.now() > deadline) return false;
    await sleep(250);
  }
}

/** Waits until what is looked at is done, or has not changed for so long. */
export async function settled(quietMs: number, look: () => Promise<{ isDone: boolean; seen: string }>): Promise<void> {
  let last = '';
  let changedAtMs = Date.now();
  for (;;) {
    const { isDone, seen } = await look();
    if (seen !== last) changedAtMs = Date.now();
    last = seen;
    if (isDone || Date.now() - changedAtMs > quietMs) return;
    await sleep(500);
  }
}
