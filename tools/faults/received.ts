// One request as the receiver recorded it, and its line in the file: tab-separated, since thousands a second are written.

export interface Received {
  readonly atMs: number;
  readonly path: string;
  /** The header webhook-id: the delivery's id. */
  readonly id: string;
  readonly bodyHash: string;
  readonly attempt: number;
  /** What it was answered; 0 for no answer. */
  readonly status: number;
  /** Numbers the TCP connections it came over. */
  readonly connection: number;
  /** Until when the receiver asked to be left alone; 0 where it did not. */
  readonly untilMs: number;
}

export const lineOf = (received: Received): string =>
  `${received.atMs}\t${received.path}\t${received.id}\t${received.bodyHash}\t${received.attempt}\t${received.status}\t${received.connection}\t${received.untilMs}\n`;

export function receivedOf(line: string): Received {
  const [atMs, path = '', id = '', bodyHash = '', attempt, status, connection, untilMs] = line.split('\t');
  return {
    atMs: Number(atMs),
    path,
    id,
    bodyHash,
    attempt: Number(attempt),
    status: Number(status),
    connection: Number(connection),
    untilMs: Number(untilMs),
  };
}

export const wasTaken = ({ status }: Received): boolean => status >= 200 && status < 300;
