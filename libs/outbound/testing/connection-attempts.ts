// Hears of every connection that this process tries to make, whoever makes it.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

const channel = 'net.client.socket';

/** The addresses tried from now on, until `stop`. */
export function connectionAttempts() {
  const addresses: string[] = [];
  const hear = (message: unknown): void => {
    const { socket } = message as { socket: Socket };
    socket.on('connectionAttempt', (address: string) => void addresses.push(address));
  };
  subscribe(channel, hear);
  return { addresses, stop: () => void unsubscribe(channel, hear) };
}
