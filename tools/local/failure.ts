// A failure that a person can act on: its text is shown as it stands, without a stack.

export class Failure extends Error {}

/** What a wait is ended with once someone asked the stack to stop. */
export class Stopped extends Failure {
  constructor() {
    super('stopped before everything was up');
  }
}

export function textOf(error: unknown): string {
  if (error instanceof Failure) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
