// Turns anything thrown while answering a request into the API's error envelope; what is our own mistake goes to the log, not to the caller.
import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { ApiError, errorBody } from '@sluice/api';
import { UnavailableError } from '@sluice/kafka';
import type { Log } from '@sluice/telemetry';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { KnownPaths } from './known-paths.ts';

@Catch()
export class ErrorAnswers implements ExceptionFilter {
  private readonly log: Log;
  private readonly paths: KnownPaths;

  constructor(log: Log, paths: KnownPaths) {
    this.log = log;
    this.paths = paths;
  }

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const error = this.apiError(thrown, request);
    if (error.status === 500) {
      const stack = thrown instanceof Error ? thrown.stack : String(thrown);
      this.log.error({
        event: 'request.failed',
        method: request.method,
        path: pathOf(request),
        stack,
        request_id: reply.getHeader('x-request-id'),
      });
    }
    if (error.retryAfterSeconds !== undefined) void reply.header('retry-after', String(error.retryAfterSeconds));
    if (error.status === 405) void reply.header('allow', this.paths.methodsOf(pathOf(request)).join(', '));
    void reply.status(error.status).send(errorBody(error));
  }

  private apiError(thrown: unknown, request: FastifyRequest): ApiError {
    if (thrown instanceof ApiError) return thrown;
    if (thrown instanceof UnavailableError) return new ApiError('log_unavailable', { retryAfterSeconds: 1 });
    if (isDatabaseTrouble(thrown)) return new ApiError('database_unavailable', { retryAfterSeconds: 1 });
    switch (statusOf(thrown)) {
      case 400:
        return new ApiError('body_not_json');
      case 404:
        return this.notThere(request);
      case 413:
        return new ApiError('body_too_large');
      case 415:
        return new ApiError('media_type_unsupported');
      default:
        return new ApiError('internal');
    }
  }

  private notThere(request: FastifyRequest): ApiError {
    const known = this.paths.methodsOf(pathOf(request)).length > 0;
    return known ? new ApiError('method_not_allowed') : new ApiError('not_found', { message: 'no such path' });
  }
}

function statusOf(thrown: unknown): number | undefined {
  if (thrown instanceof HttpException) return thrown.getStatus();
  // Fastify's own errors.
  if (thrown instanceof Error && 'statusCode' in thrown) return Number(thrown.statusCode);
  return undefined;
}

/** Errors of the database driver when it cannot connect, or was cut off. */
function isDatabaseTrouble(thrown: unknown): boolean {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  return (
    ['ECONNREFUSED', 'ECONNRESET', '57P01', '57P02', '57P03'].includes(code) ||
    /Connection terminated/.test(String(thrown))
  );
}

const pathOf = (request: FastifyRequest): string => request.url.split('?')[0] ?? '/';
