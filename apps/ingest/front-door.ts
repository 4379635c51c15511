// One base URL for the whole API: what is not an event goes on to control, and browsers may post events from anywhere.
import cors from '@fastify/cors';
import httpProxy from '@fastify/http-proxy';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiError, errorBody } from '@sluice/api';
import type { Config } from './config.ts';

const browserHeaders = [
  'x-meshes-publishable-key',
  'x-meshes-client',
  'content-type',
  'idempotency-key',
  'x-request-id',
];
const openToBrowsers = new Set(['/api/v1/events', '/api/v1/events/bulk']);

export async function openFrontDoor(app: NestFastifyApplication, config: Config): Promise<void> {
  const fastify = app.getHttpAdapter().getInstance();
  await fastify.register(cors, {
    delegator: (request, callback) => {
      const path = request.url?.split('?')[0] ?? '';
      // Publishable keys are made for browsers and carry no cookies, so any origin will do; nothing else is for browsers.
      const origin = openToBrowsers.has(path) ? '*' : false;
      callback(null, {
        origin,
        methods: ['POST'],
        allowedHeaders: browserHeaders,
        exposedHeaders: ['x-request-id'],
        maxAge: 86_400,
      });
    },
  });
  await fastify.register(async (scope) => {
    // Bodies go on as they come; control reads and bounds them.
    scope.removeAllContentTypeParsers();
    await scope.register(httpProxy, {
      upstream: config.CONTROL_URL,
      prefix: '/api/v1',
      rewritePrefix: '/api/v1',
      undici: { connections: 32, headersTimeout: 10_000, bodyTimeout: 10_000 },
      // It would repeat what control has answered 503, up to ten times.
      retryMethods: [],
      replyOptions: {
        onError: (reply) => {
          const error = new ApiError('control_unavailable', { retryAfterSeconds: 1 });
          void reply.status(error.status).header('retry-after', '1').send(errorBody(error));
        },
      },
    });
  });
}
