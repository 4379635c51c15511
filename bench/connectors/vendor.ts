// Starts the scripted vendor apart, so that its work does not count as ours, and sends requests there over real HTTP.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Send } from '../../libs/connector-host/src/settle.ts';
import { defaultPolicy } from '../../libs/contracts/src/index.ts';
import { OutboundClient, outboundLimits, readAllowList } from '../../libs/outbound/src/index.ts';

export interface Script {
  latencyMs: number;
  /** What is answered to each connector's requests. */
  words: Record<string, { status: number; body: string }>;
}

export interface Vendor {
  /** Requests of a connector, whatever host they name. */
  sendAs: (slug: string) => Send;
  stop: () => Promise<void>;
}

export async function startVendor(script: Script, connections: number): Promise<Vendor> {
  const child = fork(fileURLToPath(new URL('scripted-vendor.ts', import.meta.url)));
  child.send(script);
  const [port] = (await once(child, 'message')) as [number];
  const policy = { allow: readAllowList('127.0.0.1'), allowHttp: true };
  const client = new OutboundClient(policy, { connectionsPerOrigin: connections });
  return {
    sendAs: (slug) => (request) => {
      const url = request.url.replace(/^https:\/\/[^/]+/, `http://127.0.0.1:${port}/${slug}`);
      return client.send({ ...request, url }, defaultPolicy.timeout_ms, { keepBytes: outboundLimits.keptBodyMax });
    },
    stop: async () => {
      await client.close();
      child.disconnect();
    },
  };
}
