// Which IP addresses may be called: global unicast, and of that nothing that is set aside for a special purpose.
import ipaddr from 'ipaddr.js';

export type Block = readonly [ipaddr.IPv4 | ipaddr.IPv6, number];

/** IANA's special-purpose registry, multicast, and Azure's wire server, which is reached from inside only. */
const specialIpv4 = blocks(
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '168.63.129.16/32',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
);

/** All of IPv6 that is given out. What carries an IPv4 address (mapped, compatible, NAT64) lies outside, or in a block below. */
const globalIpv6 = blocks('2000::/3');
const specialIpv6 = blocks('2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20');

/** Whether an address, written as sockets and resolvers write it, is one of the public internet. */
export function isPublicAddress(text: string): boolean {
  const address = readAddress(text);
  if (!address) return false;
  if (address.kind() === 'ipv4') return !isWithin(address, specialIpv4);
  return isWithin(address, globalIpv6) && !isWithin(address, specialIpv6);
}

/** Undefined for everything but the plain forms; shorthands (127.1, 0x7f000001) are not ours to understand. */
export function readAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  const isPlain = ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text);
  return isPlain ? ipaddr.parse(text) : undefined;
}

/** Of a CIDR, or of a single address; undefined when the text is neither. */
export function readBlock(text: string): Block | undefined {
  if (ipaddr.IPv4.isValidCIDRFourPartDecimal(text) || ipaddr.IPv6.isValidCIDR(text)) return ipaddr.parseCIDR(text);
  const address = readAddress(text);
  return address && [address, address.toByteArray().length * 8];
}

export const isWithin = (address: ipaddr.IPv4 | ipaddr.IPv6, list: readonly Block[]): boolean =>
  list.some(([start, bits]) => start.kind() === address.kind() && address.match(start, bits));

function blocks(...texts: string[]): readonly Block[] {
  return texts.map((text) => ipaddr.parseCIDR(text));
}
