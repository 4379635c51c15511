// What a connection's vendor offers: its choices for an action's fields, the fields of its records. Asked through the connector, kept for an hour.
import { Inject, Injectable } from '@nestjs/common';
import type { FieldProblem } from '@sluice/api';
import { LiveChoiceEntity, type ConnectionEntity } from '@sluice/persistence';
import type { DataSource } from 'typeorm';
import * as z from 'zod';
import { ConnectorClient, type Question } from './connector-client.ts';
import { DATABASE } from './tokens.ts';

const keptMs = 3_600_000;
const text = z.string().max(500);

/** Bounds on what is kept and shown; what does not fit them is a mistake of the connector. */
export const choices = z.array(z.object({ value: text, label: text })).max(1_000);
export const recordFields = z
  .array(
    z.object({
      key: text,
      label: text,
      type: text,
      description: z.string().max(5_000),
      constraints: z.record(z.string(), z.unknown()),
    }),
  )
  .max(2_000);

export interface Asked<T> {
  shape: z.ZodType<T>;
  question: Pick<Question, 'ask' | 'name'>;
  /** Not what is kept. */
  refresh: boolean;
}

export type Live<T> = { value: T; at: Date } | { problem: FieldProblem };

@Injectable()
export class LiveChoices {
  private readonly database: DataSource;
  private readonly connectors: ConnectorClient;

  constructor(@Inject(DATABASE) database: DataSource, @Inject(ConnectorClient) connectors: ConnectorClient) {
    this.database = database;
    this.connectors = connectors;
  }

  async get<T>(connection: ConnectionEntity, { shape, question, refresh }: Asked<T>): Promise<Live<T>> {
    const name = [question.ask, question.name].filter((part) => part !== undefined).join(' ');
    const row = { connection_id: connection.id, question: name };
    const kept = refresh ? null : await this.database.getRepository(LiveChoiceEntity).findOneBy(row);
    // Another version of the connection may be another account.
    const isRight = kept?.connection_version === connection.version;
    if (kept && isRight && kept.asked_at.getTime() > Date.now() - keptMs) return liveOf(kept, shape);
    const asked = await this.ask(connection, { shape, question });
    // Better old than none, unless somebody wants to know.
    if ('problem' in asked) return kept && isRight ? liveOf(kept, shape) : asked;
    await this.database.getRepository(LiveChoiceEntity).save({
      ...row,
      connection_version: connection.version,
      answer: asked.value as object,
      asked_at: asked.at,
    });
    return asked;
  }

  private async ask<T>(
    { id, connector }: ConnectionEntity,
    { shape, question }: Omit<Asked<T>, 'refresh'>,
  ): Promise<Live<T>> {
    const said = await this.connectors.ask(connector, { connection: id, ...question });
    if ('problem' in said) return said;
    const { data } = shape.safeParse(said.answer);
    if (data !== undefined) return { value: data, at: new Date() };
    return { problem: { param: 'connection', msg: `the connector ${connector} gave an answer that is none` } };
  }
}

const liveOf = <T>({ answer, asked_at }: LiveChoiceEntity, shape: z.ZodType<T>): Live<T> => ({
  value: shape.parse(answer),
  at: asked_at,
});
