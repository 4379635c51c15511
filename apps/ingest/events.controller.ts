// POST /events and /events/bulk: who calls, what was sent, append, answer.
import { Controller, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiError, errorBody, type BulkAnswer, type FieldProblem } from '@sluice/api';
import { UnavailableError } from '@sluice/kafka';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { startServerSpan, type ServerSpan } from '@sluice/telemetry';
import { checkDraft, readBulk, readSingle, toAnswer, type Caller, type Draft, type SoundDraft } from './accept.ts';
import { Access } from './access.ts';
import { Acceptor } from './acceptor.ts';
import { Types } from './types.ts';

@Controller('api/v1/events')
export class EventsController {
  private readonly access: Access;
  private readonly acceptor: Acceptor;
  private readonly types: Types;

  constructor(@Inject(Access) access: Access, @Inject(Acceptor) acceptor: Acceptor, @Inject(Types) types: Types) {
    this.access = access;
    this.acceptor = acceptor;
    this.types = types;
  }

  @Post()
  async single(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    return traced('POST /api/v1/events', { request, reply }, async (span) => {
      const caller = await this.caller(request);
      const draft = readSingle(bodyOf(request));
      const accepted = await this.accept(draft, caller, { span, idempotencyKey: idempotencyKeyOf(request) });
      return { event: accepted };
    });
  }

  @Post('bulk')
  async bulk(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<BulkAnswer> {
    return traced('POST /api/v1/events/bulk', { request, reply }, async (span) => {
      const caller = await this.caller(request);
      const drafts = readBulk(bodyOf(request));
      const key = idempotencyKeyOf(request);
      const records = await Promise.all(
        drafts.map(async (draft, index) => {
          const idempotencyKey = key === undefined ? undefined : `${key} ${index}`;
          try {
            return await this.accept(draft, caller, { span, idempotencyKey });
          } catch (error) {
            return refused(error);
          }
        }),
      );
      const error_count = records.filter((record) => 'message' in record).length;
      if (error_count > 0) void reply.status(207);
      return { count: records.length, error_count, records };
    });
  }

  private async accept(
    draft: Draft,
    caller: Caller,
    request: { span: ServerSpan; idempotencyKey: string | undefined },
  ) {
    const checked: SoundDraft | FieldProblem[] = checkDraft(draft, caller);
    if (Array.isArray(checked)) throw new ApiError('field_invalid', { data: checked });
    await this.access.mustOwn(caller, checked.workspace);
    const { span, idempotencyKey } = request;
    const fits = this.acceptor.isRepeat(checked, idempotencyKey) ? checked : this.types.checked(checked, caller);
    return toAnswer(await inTime(this.acceptor.accept(fits, caller, { trace: span.context, idempotencyKey })));
  }

  private caller(request: FastifyRequest): Promise<Caller> {
    const publishableKey = request.headers['x-meshes-publishable-key'];
    return this.access.caller(
      {
        authorization: request.headers.authorization,
        publishableKey: typeof publishableKey === 'string' ? publishableKey : undefined,
      },
      Date.now(),
    );
  }
}

/** One server span around the whole request. */
async function traced<T>(
  name: string,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  answer: (span: ServerSpan) => Promise<T>,
): Promise<T> {
  const span = startServerSpan(name, request.headers);
  let status = 500;
  try {
    const result = await answer(span);
    status = reply.statusCode;
    return result;
  } catch (error) {
    if (error instanceof ApiError) status = error.status;
    throw error;
  } finally {
    span.end(status);
  }
}

/** One refused event of a bulk. What is no fault of its own fails the whole call, so that the client tries again. */
function refused(error: unknown) {
  if (!(error instanceof ApiError) || error.status >= 500) throw error;
  const { message, error: details } = errorBody(error);
  return { message, error: details };
}

/** Clients hang up after 5 s, and an append with an Idempotency-Key is several steps: past this the honest answer is 503, whatever comes of it. Milliseconds. */
const answerLimitMs = 4_500;

function inTime<T>(accepted: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new UnavailableError(`not confirmed within ${answerLimitMs} ms`)),
      answerLimitMs,
    );
    accepted.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

const bodyOf = (request: FastifyRequest): string | undefined => request.body as string | undefined;

function idempotencyKeyOf(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key === 'string' && key.length >= 1 && key.length <= 255) return key;
  throw new ApiError('field_invalid', { data: [{ param: 'idempotency-key', msg: 'must have 1 to 255 characters' }] });
}
