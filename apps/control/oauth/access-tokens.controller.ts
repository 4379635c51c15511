// Where connectors' services ask for access tokens. Not part of the API: ingest hands on nothing outside /api/v1.
import { Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { JsonBody } from '@sluice/service';
import * as z from 'zod';
import { OpenToEverybody } from '../caller.ts';
import { AccessTokens } from './access-tokens.ts';

const request = z.object({ connection: z.uuid(), stale: z.string().max(100).optional() });

@Controller('internal/access-tokens')
export class AccessTokensController {
  private readonly tokens: AccessTokens;

  constructor(@Inject(AccessTokens) tokens: AccessTokens) {
    this.tokens = tokens;
  }

  /** The answer opens with the vault keys only, so whoever else reaches this port learns nothing by it. */
  @Post()
  @HttpCode(200)
  @OpenToEverybody()
  give(@JsonBody(request) { connection, stale }: z.infer<typeof request>) {
    return this.tokens.get(connection, stale);
  }
}
