// Waits for a condition, with a limit: nothing here sleeps for luck.

const lookAgainMs = 40;

export interface UntilOptions {
  readonly limitMs?: number;
}

/** Asks again and again until the answer is not undefined or false; past the limit it fails with what was waited for and what the last answer was. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  { limitMs = 15_000 }: UntilOptions = {},
): Promise<T> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    let last: unknown;
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) {
      throw new Error(`waited ${limitMs} ms in vain until ${what}${last instanceof Error ? `: ${last.message}` : ''}`);
    }
    await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
  }
}
