// Keeps calls away from where they must not go: judges a URL before it is saved or called, and every address before a connection.
import { lookup as systemLookup } from 'node:dns/promises';
import type { LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import buildConnector from 'undici/lib/core/connect.js';
import { isTrusted, mayCall, plainHost, type OutboundPolicy } from './policy.ts';

export interface UrlProblem {
  readonly code: 'url_unreadable' | 'address_forbidden';
  readonly message: string;
}

/** Why a URL is never called, as far as its text tells: what its host resolves to is judged when a connection is made. */
export function urlProblem(text: string, policy: OutboundPolicy): UrlProblem | undefined {
  if (!URL.canParse(text)) return { code: 'url_unreadable', message: 'the URL cannot be read' };
  const message = reasonAgainst(new URL(text), policy);
  return message === undefined ? undefined : { code: 'address_forbidden', message };
}

function reasonAgainst(url: URL, policy: OutboundPolicy): string | undefined {
  if (url.protocol !== 'https:' && !(policy.allowHttp && url.protocol === 'http:')) {
    return `the URL must begin with ${policy.allowHttp ? 'http:// or ' : ''}https://`;
  }
  if (url.username !== '' || url.password !== '') return 'the URL must have no user info';
  const host = plainHost(url.hostname);
  const port = portOf(url);
  if (isTrusted(policy, host, port)) return undefined;
  // Below 1024 other protocols live, which could be made to read a request as something of theirs.
  if (port < 1024 && port !== 80 && port !== 443) return `port ${port} is not called`;
  if (isIP(host)) return mayCall(policy, host) ? undefined : forbidden;
  return isInnerName(host) ? 'the host is a name of a private network' : undefined;
}

const forbidden = 'the host has an address that is not called: it is private, or has a special purpose';

/** Names that only a private network gives a meaning, and those of clouds' metadata services that anybody can resolve. */
const innerName =
  /(^|\.)(localhost|localdomain|local|internal|intranet|private|lan|home|corp|svc|home\.arpa|metadata\.tencentyun\.com|metadata\.packet\.net|metadata\.platformequinix\.com)$/;
const isInnerName = (host: string): boolean => !host.includes('.') || innerName.test(host);

const portOf = ({ protocol, port }: { protocol: string; port: string }): number =>
  Number(port || (protocol === 'https:' ? 443 : 80));

/** All addresses of a host name. */
export type Resolve = (hostname: string) => Promise<LookupAddress[]>;

const resolveBySystem: Resolve = (hostname) => systemLookup(hostname, { all: true });

export class AddressForbidden extends Error {
  readonly code = 'ADDRESS_FORBIDDEN';
  constructor() {
    super(forbidden);
  }
}

/** Makes undici's connections. A connection goes to an address that was judged, never to what a second look-up says. */
export function guardedConnector(
  policy: OutboundPolicy,
  { timeoutMs, resolve = resolveBySystem }: { timeoutMs: number; resolve?: Resolve | undefined },
): buildConnector.connector {
  // The limits on an answer's head are those of HTTP/1.1.
  const options = { timeout: timeoutMs, allowH2: false };
  const connect = buildConnector(options);
  const connectGuarded = buildConnector({ ...options, lookup: guardedLookup(policy, resolve) });
  return (target, callback) => {
    const host = plainHost(target.hostname);
    if (isTrusted(policy, host, portOf(target))) return connect(target, callback);
    // No look-up is made for an address that stands in the URL.
    if (isIP(host) && !mayCall(policy, host)) return callback(new AddressForbidden(), null);
    connectGuarded(target, (...[error, socket]) => {
      if (error) return callback(error, null);
      if (mayCall(policy, socket.remoteAddress ?? '')) return callback(null, socket);
      socket.destroy();
      callback(new AddressForbidden(), null);
    });
  };
}

function guardedLookup(policy: OutboundPolicy, resolve: Resolve): LookupFunction {
  return (hostname, { all }, callback) => {
    resolve(hostname).then(
      (addresses) => {
        const [first] = addresses;
        // One bad address is enough: who answers with both kinds hopes that we pick that one.
        const isForbidden = !first || addresses.some(({ address }) => !mayCall(policy, address));
        if (isForbidden) callback(new AddressForbidden(), []);
        else if (all) callback(null, addresses);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, []),
    );
  };
}
