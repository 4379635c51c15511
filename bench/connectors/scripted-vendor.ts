// A process that stands for every vendor: it takes all that it is sent and says so, each time in the same words.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { batchAnswers } from './batch-answers.ts';
import type { Script } from './vendor.ts';

async function answer(request: IncomingMessage, response: ServerResponse, { latencyMs, words }: Script): Promise<void> {
  const body = await text(request);
  if (latencyMs > 0) await sleep(latencyMs);
  const [, slug = ''] = request.url?.split('/') ?? [];
  const { status, body: word } = words[slug] ?? { status: 404, body: '' };
  const said = wordToBatch(slug, body) ?? word;
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(said) };
  response.writeHead(status, headers).end(said);
}

/** Undefined for a request that is none. */
function wordToBatch(slug: string, body: string): string | undefined {
  const known = batchAnswers[slug];
  if (!known || body === '') return undefined;
  const items = (JSON.parse(body) as Record<string, unknown>)[known.items];
  return Array.isArray(items) ? JSON.stringify(known.answer(items as Record<string, unknown>[])) : undefined;
}

// Whoever started it has gone.
process.on('disconnect', () => process.exit());
const [script] = (await once(process, 'message')) as [Script];
const server = createServer((request, response) => void answer(request, response, script));
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
