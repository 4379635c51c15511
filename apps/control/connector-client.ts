// Asks the service of a connector what only it knows: the request a delivery would become. Nothing is sent.
import { Inject, Injectable } from '@nestjs/common';
import type { FieldProblem, ShownRequest } from '@sluice/api';
import type { Delivery } from '@sluice/contracts';
import { CONFIG } from '@sluice/service';
import type { Config } from './config.ts';

/** A dry run that waits longer than this shows the payload alone. Milliseconds. */
const limitMs = 3_000;

export type RequestPreview = { request: ShownRequest } | { problem: FieldProblem };

@Injectable()
export class ConnectorClient {
  private readonly config: Pick<Config, 'CONNECTOR_URL' | 'CONNECTOR_URLS'>;

  constructor(@Inject(CONFIG) config: Config) {
    this.config = config;
  }

  /** The request, or why there is none; never rejects. */
  async preview(delivery: Delivery): Promise<RequestPreview> {
    try {
      const response = await fetch(`${this.urlOf(delivery.connector)}/requests`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(delivery),
        signal: AbortSignal.timeout(limitMs),
      });
      if (!response.ok) return unavailable(delivery.connector);
      return (await response.json()) as RequestPreview;
    } catch {
      return unavailable(delivery.connector);
    }
  }

  private urlOf(connector: string): string {
    return this.config.CONNECTOR_URLS[connector] ?? this.config.CONNECTOR_URL.replace('{connector}', connector);
  }
}

const unavailable = (connector: string): RequestPreview => ({
  problem: { param: 'request', msg: `the connector ${connector} does not answer now: only the payload is known` },
});
