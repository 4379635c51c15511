// Where an installation calls: the public internet, and what its operator allows besides (OUTBOUND_ALLOW).
import * as z from 'zod';
import { isPublicAddress, isWithin, readAddress, readBlock, type Block } from './address.ts';

/** What the operator vouches for: addresses, whatever name leads there; and hosts, whatever address they have. */
export interface AllowList {
  readonly blocks: readonly Block[];
  /** Without a port: all its ports. */
  readonly hosts: readonly { readonly host: string; readonly port: number | undefined }[];
}

export interface OutboundPolicy {
  readonly allow: AllowList;
  /** Whether http:// may be called as https:// may. */
  readonly allowHttp: boolean;
}

/** What a service that calls out is told, to be spread into its configuration. */
export const outboundConfig = {
  OUTBOUND_ALLOW: z
    .string()
    .default('')
    .transform((text, context) => {
      try {
        return readAllowList(text);
      } catch (error) {
        context.issues.push({ code: 'custom', message: (error as Error).message, input: text });
        return z.NEVER;
      }
    })
    .describe(
      'Private addresses (`10.0.0.0/8`) and hosts (`hooks.internal:8443`) to call all the same, comma-separated.',
    ),
  OUTBOUND_ALLOW_HTTP: z
    .enum(['true', 'false'])
    .default('true')
    .transform((text) => text === 'true')
    .describe('Whether URLs may begin with http:// too.'),
};

export function outboundPolicy(config: z.output<z.ZodObject<typeof outboundConfig>>): OutboundPolicy {
  return { allow: config.OUTBOUND_ALLOW, allowHttp: config.OUTBOUND_ALLOW_HTTP };
}

/** Throws an Error that names the entry that is wrong. */
export function readAllowList(text: string): AllowList {
  const list = { blocks: [] as Block[], hosts: [] as { host: string; port: number | undefined }[] };
  for (const entry of text.split(',').map((part) => part.trim())) {
    if (entry === '') continue;
    const block = readBlock(entry);
    if (block) list.blocks.push(block);
    else list.hosts.push(readHost(entry));
  }
  return list;
}

const hostAndPort = /^(?<host>[\p{L}\p{N}._-]+|\[[\da-f:.]+\])(?::(?<port>\d{1,5}))?$/iu;

function readHost(entry: string): AllowList['hosts'][number] {
  const { host: text = '', port } = hostAndPort.exec(entry)?.groups ?? {};
  const url = `http://${text}`;
  const host = URL.canParse(url) ? plainHost(new URL(url).hostname) : '';
  // A URL makes an address of 0x7f.1; whoever writes a list says what he means.
  const isShorthand = readAddress(host) && !readAddress(plainHost(text));
  if (host === '' || isShorthand || Number(port ?? 1) < 1 || Number(port ?? 1) > 65_535) {
    throw new Error(
      `"${entry}" is neither an address, nor a CIDR (10.0.0.0/8), nor a host[:port] (hooks.internal:8443)`,
    );
  }
  return { host, port: port === undefined ? undefined : Number(port) };
}

/** A URL's host name without the dot at its end that changes nothing, and an IPv6 address without its brackets. */
export const plainHost = (hostname: string): string => hostname.replace(/\.+$/, '').replace(/^\[(.*)\]$/, '$1');

export const isTrusted = ({ allow }: OutboundPolicy, host: string, port: number): boolean =>
  allow.hosts.some((entry) => entry.host === host && (entry.port ?? port) === port);

export function mayCall({ allow }: OutboundPolicy, address: string): boolean {
  if (isPublicAddress(address)) return true;
  const read = readAddress(address);
  return read !== undefined && isWithin(read, allow.blocks);
}
