// Sends one request: connections kept alive, no redirects, everything bounded, guarded against private addresses, every ending told apart.
import type { Dispatcher } from 'undici';
import Agent from 'undici/lib/dispatcher/agent.js';
import { ExchangeHandler, outboundLimits, type Exchange } from './exchange.ts';
import { explain } from './explain.ts';
import { guardedConnector, urlProblem, type Resolve, type UrlProblem } from './guard.ts';
import type { OutboundPolicy } from './policy.ts';
import { remembered } from './remembered.ts';

export interface OutboundRequest {
  method: Dispatcher.HttpMethod;
  url: string;
  headers: Record<string, string>;
  body: string;
}

export interface OutboundOptions {
  /** Sockets of one pool to one origin: whoever shares a pool waits for one beyond that. */
  readonly connectionsPerOrigin: number;
  /** For tests; else the system's resolver is asked. */
  readonly resolve?: Resolve;
}

export interface SendOptions {
  /** Cuts the exchange. */
  readonly signal?: AbortSignal;
  /** How much of the answer's body is kept: 20 kB if nothing is said, 1 MB at most. */
  readonly keepBytes?: number;
  /** Requests that name the same go through the same pool of sockets. */
  readonly sharer?: string;
}

/** Where a URL leads, or why nothing is sent there. */
type Target = { origin: string; path: string } | { problem: UrlProblem };

function targetOf(url: string, policy: OutboundPolicy): Target {
  const problem = urlProblem(url, policy);
  if (problem) return { problem };
  const { origin, pathname, search } = new URL(url);
  return { origin, path: pathname + search };
}

/**
 * Sockets are shared by whoever calls the same origin: a socket for each of thousands of connections would be idle, and closed, before
 * its connection's next delivery. In so many pools, because picking among a thousand sockets costs more than sending.
 */
const pools = 32;

export class OutboundClient {
  private readonly targetOf: (url: string) => Target;
  private readonly makeAgent: () => Agent;
  private readonly agents: (Agent | undefined)[] = Array.from({ length: pools });

  constructor(policy: OutboundPolicy, { connectionsPerOrigin, resolve }: OutboundOptions) {
    this.targetOf = remembered((url) => targetOf(url, policy));
    const connect = guardedConnector(policy, { timeoutMs: outboundLimits.connectMs, resolve });
    this.makeAgent = () =>
      new Agent({
        connections: connectionsPerOrigin,
        pipelining: 1,
        keepAliveTimeout: 30_000,
        keepAliveMaxTimeout: 120_000,
        maxHeaderSize: outboundLimits.headers,
        connect,
      });
  }

  /** Never throws and never rejects: what went wrong is a value. */
  send(request: OutboundRequest, timeoutMs: number, options: SendOptions = {}): Promise<Exchange> {
    const { signal, sharer = '' } = options;
    const keepBytes = Math.min(options.keepBytes ?? outboundLimits.keptBody, outboundLimits.keptBodyMax);
    return new Promise((resolve) => {
      const handler = new ExchangeHandler({ timeoutMs, keepBytes, signal, resolve });
      if (handler.hasEnded) return;
      const target = this.targetOf(request.url);
      if ('problem' in target) return handler.fail({ layer: 'internal', ...target.problem });
      try {
        const { origin, path } = target;
        const { method, headers, body } = request;
        const timeouts = { headersTimeout: timeoutMs, bodyTimeout: timeoutMs };
        this.agentOf(sharer).dispatch({ origin, path, method, headers, body, ...timeouts }, handler);
      } catch (error) {
        handler.fail(explain(error instanceof Error ? error : new Error(String(error))));
      }
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.agents.flatMap((agent) => agent?.close() ?? []));
  }

  private agentOf(sharer: string): Agent {
    const pool = poolOf(sharer);
    return (this.agents[pool] ??= this.makeAgent());
  }
}

/** FNV-1a. */
function poolOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0) % pools;
}
