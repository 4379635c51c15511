// Shows the request that a delivery would become, with secrets struck out. For control's dry runs: nothing is sent.
import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import type { Connector } from '@sluice/connector-kit';
import type { Delivery } from '@sluice/contracts';
import { buildRequest, secretsOf } from './attempt.ts';
import { Connections } from './connections.ts';
import { shownHeaders, shownUrl, struckOut } from './redact.ts';
import { CONNECTOR } from './tokens.ts';

@Controller('requests')
export class RequestsController {
  private readonly connector: Connector<unknown>;
  private readonly connections: Connections;

  constructor(@Inject(CONNECTOR) connector: Connector<unknown>, @Inject(Connections) connections: Connections) {
    this.connector = connector;
    this.connections = connections;
  }

  @Post()
  @HttpCode(200)
  async show(@Body() body: string) {
    const delivery = JSON.parse(body) as Delivery;
    const connection = await this.connections.atLeast(delivery.connection_id, delivery.connection_version);
    const built = buildRequest(delivery, { connector: this.connector, connection, nowMs: Date.now() });
    if (!('request' in built)) {
      return { problem: { param: built.code, msg: struckOut(built.message, connection?.secrets ?? []) } };
    }
    const { method, url, headers, body: text, secretHeaders } = built.request;
    const shown = struckOut(text, secretsOf(built.request, connection));
    return { request: { method, url: shownUrl(url), headers: shownHeaders(headers, secretHeaders), body: shown } };
  }
}
