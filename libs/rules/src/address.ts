// IP addresses and blocks of them as strings of bits, so that being in a block is having its bits as a prefix.

/** Longest text of an address: eight groups of four digits, the last two written as IPv4. */
const addressChars = 45;
const octet = /^\d{1,3}$/;
const group = /^[0-9a-f]{1,4}$/i;
/** IPv6 addresses that stand for IPv4 ones begin with these bits. */
const mapped = '0'.repeat(80) + '1'.repeat(16);

const bitsOf = (value: number, width: number): string => value.toString(2).padStart(width, '0');

/**
 * The bits of an address after the digit of its family, or undefined of a text that is none. An IPv4 address in IPv6 form is the
 * IPv4 one.
 */
export function addressBits(text: string): string | undefined {
  if (text.length > addressChars) return undefined;
  if (!text.includes(':')) {
    const bits = ipv4Bits(text);
    return bits === undefined ? undefined : `4${bits}`;
  }
  const bits = ipv6Bits(text);
  if (bits === undefined) return undefined;
  return bits.startsWith(mapped) ? `4${bits.slice(mapped.length)}` : `6${bits}`;
}

/** Four decimal numbers. Leading zeros are refused: some programs read them as octal, so nobody can know what is meant. */
function ipv4Bits(text: string): string | undefined {
  const octets = text.split('.');
  if (octets.length !== 4) return undefined;
  let bits = '';
  for (const part of octets) {
    const value = Number(part);
    if (!octet.test(part) || value > 255 || String(value) !== part) return undefined;
    bits += bitsOf(value, 8);
  }
  return bits;
}

function ipv6Bits(text: string): string | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half, index) => groupBits(half, index === halves.length - 1));
  if (head === undefined) return undefined;
  if (halves.length === 1) return head.length === 128 ? head : undefined;
  if (tail === undefined || head.length + tail.length > 112) return undefined;
  return head + '0'.repeat(128 - head.length - tail.length) + tail;
}

/** The bits of groups between colons, of which the very last may be written as IPv4. */
function groupBits(text: string, isLast: boolean): string | undefined {
  if (text === '') return '';
  const groups = text.split(':');
  let bits = '';
  for (const [index, part] of groups.entries()) {
    const asIpv4 = isLast && index === groups.length - 1 && part.includes('.');
    const more = asIpv4 ? ipv4Bits(part) : group.test(part) ? bitsOf(parseInt(part, 16), 16) : undefined;
    if (more === undefined) return undefined;
    bits += more;
  }
  return bits;
}

/** The fixed bits of a block like 10.0.0.0/8, or why it is none. */
export function blockBits(text: string): { bits: string } | { reason: string } {
  const [address = '', length = '', more] = text.split('/');
  const bits = addressBits(address);
  if (bits === undefined || more !== undefined || !/^\d{1,3}$/.test(length)) {
    return { reason: 'must be an address and a prefix length, as in 10.0.0.0/8 or 2001:db8::/32' };
  }
  // Of an IPv4 address in IPv6 form the length counts from the first of its 128 bits.
  const shift = bits.startsWith('4') && address.includes(':') ? mapped.length : 0;
  const fixed = Number(length) - shift;
  if (fixed < 0 || fixed >= bits.length) {
    return { reason: `must have a prefix length from ${shift} to ${bits.length - 1 + shift}` };
  }
  return { bits: bits.slice(0, fixed + 1) };
}
