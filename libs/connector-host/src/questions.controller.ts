// Asks the vendor on control's behalf: does the connection work, which choices and fields are there. Delivers nothing.
import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import type { Connector, Question } from '@sluice/connector-kit';
import { AccessTokens } from './access-tokens.ts';
import { authorized, secretsOf } from './attempt.ts';
import { Attempts } from './attempts.ts';
import { Connections, type OpenConnection } from './connections.ts';
import { built, metadataOf } from './prepare.ts';
import { struckOut } from './redact.ts';
import { settle, type Settled } from './settle.ts';
import { CONNECTOR } from './tokens.ts';

/** What control sends. */
interface Asked {
  connection: string;
  /** As the connection has to be known at least; missing: as it stands now. */
  version?: number;
  ask: 'test' | 'record_fields' | 'choices';
  /** Of the choices. */
  name?: string;
}

type Answer = { answer: unknown } | { problem: { param: 'connection'; msg: string } };

@Controller('questions')
export class QuestionsController {
  private readonly connector: Connector<unknown>;
  private readonly connections: Connections;
  private readonly attempts: Attempts<unknown>;
  private readonly accessTokens: AccessTokens;

  constructor(
    @Inject(CONNECTOR) connector: Connector<unknown>,
    @Inject(Connections) connections: Connections,
    @Inject(Attempts) attempts: Attempts<unknown>,
    @Inject(AccessTokens) accessTokens: AccessTokens,
  ) {
    this.connector = connector;
    this.connections = connections;
    this.attempts = attempts;
    this.accessTokens = accessTokens;
  }

  @Post()
  @HttpCode(200)
  async ask(@Body() body: string): Promise<Answer> {
    const { connection: id, version = Infinity, ask, name = '' } = JSON.parse(body) as Asked;
    const connection = await this.connections.atLeast(id, version);
    if (!connection) return problemOf('the connection no longer exists');
    if (connection.isSealed) return problemOf("the connection's credentials do not open here");
    const question = questionOf(this.connector, ask, name);
    if (!question) return problemOf(`the connector ${this.connector.slug} cannot be asked for that`);
    return this.answerOf(question, { connection, ask });
  }

  private async answerOf(
    question: Question<unknown, unknown>,
    { connection, ask }: { connection: OpenConnection; ask: Asked['ask'] },
  ): Promise<Answer> {
    const metadata = metadataOf(this.connector, connection);
    if ('problem' in metadata) return problemOf(metadata.problem);
    const settled = await authorized(
      {
        connection,
        make: (access) => question.build({ metadata: metadata.value, access }),
        parts: { access: (of, stale) => this.accessTokens.of(of, stale) },
      },
      (request) => settle(request, this.connector.classify, { send: this.attempts.send(connection), nowMs: Date.now }),
    );
    if (!('request' in settled)) return problemOf(struckOut(settled.message, connection.secrets));
    return answered(question, settled, { connection, ask });
  }
}

/** The connector's own reading of the answer, also of one that refuses: a test tells what the vendor said. */
function answered(
  question: Question<unknown, unknown>,
  { exchange, request, classification }: Settled,
  { connection, ask }: { connection: OpenConnection; ask: Asked['ask'] },
): Answer {
  const secrets = secretsOf(request, connection);
  if (exchange.kind === 'failure') return problemOf(struckOut(exchange.message, secrets));
  if (classification.class !== 'delivered' && ask !== 'test') {
    return problemOf(struckOut(classification.message, secrets));
  }
  if (exchange.truncated) return problemOf('the answer is too long');
  const { response } = exchange;
  const read = built(() => question.read(response));
  if (!('request' in read)) return problemOf(struckOut(read.message, secrets));
  const shown = (_member: string, value: unknown) => (typeof value === 'string' ? struckOut(value, secrets) : value);
  return { answer: JSON.parse(JSON.stringify(read.request ?? null), shown) as unknown };
}

const problemOf = (msg: string): Answer => ({ problem: { param: 'connection', msg } });

function questionOf(
  connector: Connector<unknown>,
  ask: Asked['ask'],
  name: string,
): Question<unknown, unknown> | undefined {
  if (ask === 'test') return connector.test;
  if (ask === 'record_fields') return connector.recordFields;
  return connector.choices && Object.hasOwn(connector.choices, name) ? connector.choices[name] : undefined;
}
