// Shows the request that a delivery would become, with secrets struck out. For control's dry runs: nothing is sent.
import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import type { Connector } from '@sluice/connector-kit';
import type { Delivery } from '@sluice/contracts';
import { AccessTokens } from './access-tokens.ts';
import { secretsOf } from './attempt.ts';
import { Connections } from './connections.ts';
import type { Refusal } from './outcome.ts';
import { built, prepare, withAccess } from './prepare.ts';
import { hiddenHeaders, shownHeaders, shownUrl, struckOut } from './redact.ts';
import { CONNECTOR } from './tokens.ts';

@Controller('requests')
export class RequestsController {
  private readonly connector: Connector<unknown>;
  private readonly connections: Connections;
  private readonly accessTokens: AccessTokens;

  constructor(
    @Inject(CONNECTOR) connector: Connector<unknown>,
    @Inject(Connections) connections: Connections,
    @Inject(AccessTokens) accessTokens: AccessTokens,
  ) {
    this.connector = connector;
    this.connections = connections;
    this.accessTokens = accessTokens;
  }

  @Post()
  @HttpCode(200)
  async show(@Body() body: string) {
    const delivery = JSON.parse(body) as Delivery;
    const connection = await this.connections.atLeast(delivery.connection_id, delivery.connection_version);
    const secrets = connection?.secrets ?? [];
    const prepared = prepare(delivery, { connector: this.connector, connection, nowMs: Date.now() });
    if (!('call' in prepared)) return problemOf(prepared, secrets);
    const access = await this.accessTokens.of(prepared.connection);
    if ('problem' in access) return { problem: { param: 'access', msg: access.problem } };
    const made = built(() => prepared.action.build(withAccess(prepared, access.access)));
    if (!('request' in made)) return problemOf(made, secrets);
    const { method, url, headers, body: text } = made.request;
    const hidden = secretsOf(made.request, connection);
    return {
      request: {
        method,
        url: struckOut(shownUrl(url), hidden),
        headers: shownHeaders(headers, hiddenHeaders(made.request)),
        body: struckOut(text, hidden),
      },
    };
  }
}

const problemOf = ({ code, message }: Refusal, secrets: readonly string[]) => ({
  problem: { param: code, msg: struckOut(message, secrets) },
});
