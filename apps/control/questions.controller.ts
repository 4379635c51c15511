// The calls that ask a connection's vendor something: whether the credentials are good, what there is to choose, what its records have.
import { Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import {
  ApiError,
  refreshQuery,
  type ConnectionActionsAnswer,
  type ConnectionFieldsAnswer,
  type ConnectionTestAnswer,
  type MachineCaller,
  type RefreshQuery,
} from '@sluice/api';
import { ParsedQuery } from '@sluice/service';
import * as z from 'zod';
import { resolved, type ChoicesOf } from './action-choices.ts';
import { CallerOf } from './caller.ts';
import { entryOf } from './connection-secrets.ts';
import { ConnectorClient } from './connector-client.ts';
import { choices, LiveChoices, recordFields } from './live-choices.ts';
import { Visible } from './visible.ts';

const tested = z.object({ ok: z.boolean(), message: z.string().max(5_000) });

@Controller('api/v1/connections/:id')
export class QuestionsController {
  private readonly visible: Visible;
  private readonly connectors: ConnectorClient;
  private readonly live: LiveChoices;

  constructor(
    @Inject(Visible) visible: Visible,
    @Inject(ConnectorClient) connectors: ConnectorClient,
    @Inject(LiveChoices) live: LiveChoices,
  ) {
    this.visible = visible;
    this.connectors = connectors;
    this.live = live;
  }

  @Post('test')
  @HttpCode(200)
  async test(@CallerOf() caller: MachineCaller, @Param('id') id: string): Promise<ConnectionTestAnswer> {
    const connection = await this.visible.connection(caller, id);
    if (!entryOf(connection).has_test) throw new ApiError('question_unknown');
    const said = await this.connectors.ask(connection.connector, { connection: connection.id, ask: 'test' });
    const tested_at = new Date().toISOString();
    if ('problem' in said) return { ok: false, message: said.problem.msg, tested_at };
    const { data } = tested.safeParse(said.answer);
    return { ...(data ?? { ok: false, message: 'the connector gave an answer that is none' }), tested_at };
  }

  @Get('actions')
  async actions(
    @CallerOf() caller: MachineCaller,
    @Param('id') id: string,
    @ParsedQuery(refreshQuery) { refresh }: RefreshQuery,
  ): Promise<ConnectionActionsAnswer> {
    const connection = await this.visible.connection(caller, id);
    const { actions, choices: names } = entryOf(connection);
    const found = await Promise.all(
      names.map(async (name): Promise<[string, ChoicesOf]> => {
        const live = await this.live.get(connection, { shape: choices, question: { ask: 'choices', name }, refresh });
        return [name, 'problem' in live ? { choices: [], problem: live.problem.msg } : { choices: live.value }];
      }),
    );
    return { actions: resolved(actions, Object.fromEntries(found)) };
  }

  @Get('fields')
  async fields(
    @CallerOf() caller: MachineCaller,
    @Param('id') id: string,
    @ParsedQuery(refreshQuery) { refresh }: RefreshQuery,
  ): Promise<ConnectionFieldsAnswer> {
    const connection = await this.visible.connection(caller, id);
    const { slug, api_version, has_record_fields } = entryOf(connection);
    const live = has_record_fields
      ? await this.live.get(connection, { shape: recordFields, question: { ask: 'record_fields' }, refresh })
      : { value: [], at: new Date() };
    if ('problem' in live) throw new ApiError('question_failed', { data: [live.problem], retryAfterSeconds: 5 });
    return {
      id: connection.id,
      workspace_id: connection.workspace_id,
      connection_id: connection.id,
      integration_type: slug,
      catalog_version: api_version ?? '1',
      refreshed_at: live.at.toISOString(),
      fields: live.value,
    };
  }
}
