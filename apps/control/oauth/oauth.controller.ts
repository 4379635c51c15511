// The calls by which a connection comes to its tokens: beginning an authorization, and where the vendor sends a person back.
import { Controller, Get, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import { oauthCallbackQuery, oauthStart, type MachineCaller, type OAuthStart } from '@sluice/api';
import { CONFIG, JsonBody, ParsedQuery } from '@sluice/service';
import type { FastifyReply } from 'fastify';
import { CallerOf, OpenToEverybody } from '../caller.ts';
import type { Config } from '../config.ts';
import { Visible } from '../visible.ts';
import { Authorizations, type Callback } from './authorizations.ts';
import { page } from './page.ts';

@Controller('api/v1')
export class OAuthController {
  private readonly config: Pick<Config, 'PUBLIC_URL'>;
  private readonly visible: Visible;
  private readonly authorizations: Authorizations;

  constructor(
    @Inject(CONFIG) config: Config,
    @Inject(Visible) visible: Visible,
    @Inject(Authorizations) authorizations: Authorizations,
  ) {
    this.config = config;
    this.visible = visible;
    this.authorizations = authorizations;
  }

  @Post('connections/:id/oauth/authorize')
  @HttpCode(200)
  async authorize(
    @CallerOf() caller: MachineCaller,
    @Param('id') id: string,
    @JsonBody(oauthStart) { redirect_uri }: OAuthStart,
  ) {
    const connection = await this.visible.connection(caller, id);
    const ours = new URL('/api/v1/oauth/callback', this.config.PUBLIC_URL).href;
    return this.authorizations.begin(caller, connection, redirect_uri ?? ours);
  }

  /** Comes from a browser that knows nothing but the state. */
  @Get('oauth/callback')
  @OpenToEverybody()
  async callback(@ParsedQuery(oauthCallbackQuery) query: Callback, @Res() reply: FastifyReply): Promise<void> {
    const ending = await this.authorizations.end(query);
    await reply
      .status(ending.ok ? 200 : ending.status)
      .headers(page.headers)
      .send(page.of(ending.ok ? 'The connection is authorized. This page can be closed.' : ending.problem));
  }
}
