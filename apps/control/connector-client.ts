// Asks the service of a connector what only it knows: the request a delivery would become, and what the vendor says when it is asked.
import { Inject, Injectable } from '@nestjs/common';
import type { FieldProblem, ShownRequest } from '@sluice/api';
import type { Delivery } from '@sluice/contracts';
import { CONFIG } from '@sluice/service';
import type { Config } from './config.ts';

/** A dry run that waits longer than this shows the payload alone; a question has to go on to the vendor. Milliseconds. */
const limitsMs = { request: 3_000, question: 10_000 } as const;
/** Of an answer. More is not looked at, a thousand choices are some 100 kB. */
const answerBytesMax = 1_000_000;

export type RequestPreview = { request: ShownRequest } | { problem: FieldProblem };

export interface Question {
  connection: string;
  ask: 'test' | 'record_fields' | 'choices';
  /** Of the choices. */
  name?: string;
}

export type QuestionAnswer = { answer: unknown } | { problem: FieldProblem };

interface Call {
  path: string;
  body: unknown;
  limitMs: number;
}

@Injectable()
export class ConnectorClient {
  private readonly config: Pick<Config, 'CONNECTOR_URL' | 'CONNECTOR_URLS'>;

  constructor(@Inject(CONFIG) config: Pick<Config, 'CONNECTOR_URL' | 'CONNECTOR_URLS'>) {
    this.config = config;
  }

  /** The request, or why there is none; never rejects. */
  async preview(delivery: Delivery): Promise<RequestPreview> {
    const call = { path: '/requests', body: delivery, limitMs: limitsMs.request };
    const answer = await this.post(delivery.connector, call);
    if (answer !== undefined) return answer as RequestPreview;
    const msg = `the connector ${delivery.connector} does not answer now: only the payload is known`;
    return { problem: { param: 'request', msg } };
  }

  /** What the vendor says, or why it could not be asked; never rejects. */
  async ask(connector: string, question: Question): Promise<QuestionAnswer> {
    const answer = await this.post(connector, { path: '/questions', body: question, limitMs: limitsMs.question });
    if (isQuestionAnswer(answer)) return answer;
    return { problem: { param: 'connection', msg: `the connector ${connector} does not answer now` } };
  }

  /** Undefined when there is no good answer. */
  private async post(connector: string, { path, body, limitMs }: Call): Promise<unknown> {
    try {
      const response = await fetch(`${this.urlOf(connector)}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(limitMs),
      });
      if (response.ok) return JSON.parse(await textOf(response));
      await response.body?.cancel();
    } catch {
      // Not there, too late, too much, or no JSON: all the same to whoever asked.
    }
    return undefined;
  }

  private urlOf(connector: string): string {
    return this.config.CONNECTOR_URLS[connector] ?? this.config.CONNECTOR_URL.replace('{connector}', connector);
  }
}

async function textOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += (chunk as Uint8Array).length;
    if (bytes > answerBytesMax) throw new Error('the answer is too long');
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function isQuestionAnswer(value: unknown): value is QuestionAnswer {
  if (typeof value !== 'object' || value === null) return false;
  return 'answer' in value || ('problem' in value && typeof value.problem === 'object' && value.problem !== null);
}
