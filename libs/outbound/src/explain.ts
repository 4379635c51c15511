// What an error of the client or the system means, in a sentence that says nothing of our own network.
import type { AttemptErrorCode } from '@sluice/contracts';
import { AddressForbidden } from './guard.ts';

export type Layer = 'dns' | 'tcp' | 'tls' | 'http' | 'timeout' | 'internal';

export interface Explanation {
  layer: Layer;
  code: AttemptErrorCode;
  message: string;
}

export function explain(error: Error): Explanation {
  const raw = 'code' in error ? String(error.code) : error.name;
  if (error instanceof AddressForbidden)
    return { layer: 'internal', code: 'address_forbidden', message: error.message };
  if (raw === 'ENOTFOUND' || raw === 'EAI_AGAIN') {
    return { layer: 'dns', code: 'dns_failed', message: 'the host name could not be resolved' };
  }
  if (raw === 'UND_ERR_CONNECT_TIMEOUT') {
    return { layer: 'timeout', code: 'connect_failed', message: 'no connection could be made in time' };
  }
  if (raw.startsWith('UND_ERR') && raw.includes('TIMEOUT')) {
    return { layer: 'timeout', code: 'timed_out', message: 'the destination took too long' };
  }
  if (raw.startsWith('ERR_TLS') || raw.includes('CERT') || raw.includes('SSL') || raw.includes('SELF_SIGNED')) {
    return { layer: 'tls', code: 'tls_failed', message: `the TLS connection failed (${raw})` };
  }
  if (/^(ECONNREFUSED|EHOST|ENET|EADDR|ETIMEDOUT)/.test(raw)) {
    return { layer: 'tcp', code: 'connect_failed', message: `the connection failed (${raw})` };
  }
  if (/^(ECONN|EPIPE)/.test(raw) || raw === 'UND_ERR_SOCKET') {
    return { layer: 'tcp', code: 'connection_lost', message: `the connection broke (${raw})` };
  }
  return {
    layer: 'http',
    code: 'answer_unreadable',
    message: `the answer could not be read (${raw}: ${error.message.slice(0, 200)})`,
  };
}
