// The HTTP server's manners: raw JSON bodies with a limit, request ids, one error envelope, 405 where only the method is wrong.
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiError, errorBody, fieldError } from '@sluice/api';
import { eventLimits } from '@sluice/contracts';
import type { Log } from '@sluice/telemetry';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { ErrorAnswers } from './error-answers.ts';
import { KnownPaths } from './known-paths.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** What Fastify itself refuses before any route is found gets the same envelope as everything else. */
export function createHttpServer(): FastifyAdapter {
  return new FastifyAdapter({
    routerOptions: { maxParamLength: 1_000 },
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
      const isMissing = error.statusCode === 414;
      const refusal = isMissing
        ? new ApiError('not_found', { message: 'no such path' })
        : fieldError('path', 'cannot be decoded');
      void reply.header('x-request-id', requestId(request)).status(refusal.status).send(errorBody(refusal));
    },
  });
}

export function configureHttp(app: NestFastifyApplication, log: Log): void {
  const fastify = app.getHttpAdapter().getInstance();
  const paths = new KnownPaths();
  fastify.addHook('onRoute', ({ method, url }) => paths.add(method, url));
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', requestId(request));
    done();
  });
  // Bodies stay text: what a payload looked like to the digit is part of the contract. Pipes and ingest parse it.
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer', bodyLimit: eventLimits.bodyBytes },
    (_request, body, done) => {
      const text = textOf(body as Buffer);
      if (text instanceof ApiError) done(text);
      else done(null, text);
    },
  );
  app.useGlobalFilters(new ErrorAnswers(log, paths));
}

function textOf(body: Buffer): string | undefined | ApiError {
  // An empty body with a JSON content type is how clients send POST retry and DELETE: not an error.
  if (body.length === 0) return undefined;
  try {
    return utf8.decode(body);
  } catch {
    return new ApiError('body_not_json', { message: 'the body is not UTF-8' });
  }
}

function requestId(request: FastifyRequest): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && /^[A-Za-z0-9._-]{1,100}$/.test(given) ? given : crypto.randomUUID();
}
