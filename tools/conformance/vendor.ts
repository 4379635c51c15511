// A vendor that speaks its contract: Prism on a local port. It refuses what the contract does not allow, and answers with its examples.
import { readFileSync } from 'node:fs';
import { createServer } from '@stoplight/prism-http-server';
import { getHttpOperationsFromSpec } from '@stoplight/prism-http';
import type { HttpRequest } from '@sluice/connector-kit';
import type { Exchange } from '@sluice/outbound';

export interface Vendor {
  /** Sends a request there, whatever host it names. */
  send: (request: Pick<HttpRequest, 'method' | 'url' | 'headers' | 'body'>) => Promise<Exchange>;
  close: () => Promise<void>;
}

const silent = { ...quiet(), child: quiet };
function quiet() {
  const nothing = (): void => undefined;
  return {
    trace: nothing,
    debug: nothing,
    info: nothing,
    warn: nothing,
    error: nothing,
    fatal: nothing,
    success: nothing,
  };
}

export async function startVendor(contract: string): Promise<Vendor> {
  const base = basePathOf(readFileSync(contract, 'utf8'));
  const operations = await getHttpOperationsFromSpec(contract);
  const server = createServer(operations, {
    components: { logger: silent as never },
    cors: false,
    config: {
      mock: { dynamic: false },
      validateRequest: true,
      validateResponse: false,
      checkSecurity: true,
      errors: true,
      upstreamProxy: undefined,
      isProxy: false,
    },
  });
  const address = await server.listen(0, '127.0.0.1');
  return {
    close: () => server.close(),
    send: async ({ method, url, headers, body }) => {
      const { pathname, search } = new URL(url);
      const path = pathname.startsWith(base) ? pathname.slice(base.length) : pathname;
      const answer = await fetch(`${address}${path}${search}`, {
        method,
        headers,
        ...(body === '' ? {} : { body }),
        redirect: 'manual',
      });
      return answered(answer.status, await answer.text(), Object.fromEntries(answer.headers));
    },
  };
}

/** The path of the contract's server, below which its operations stand; Prism leaves it out. */
function basePathOf(contract: string): string {
  const [, url = ''] = /^servers:\n- url: (\S+)$/m.exec(contract) ?? [];
  return URL.canParse(url) ? new URL(url).pathname.replace(/\/$/, '') : '';
}

/** An answer as the host's client gives it. */
export function answered(status: number, body: string, headers: Record<string, string> = {}): Exchange {
  const timing = { connectMs: 1, ttfbMs: 2, totalMs: 3 };
  return { kind: 'answer', response: { status, headers, body }, truncated: false, timing };
}
