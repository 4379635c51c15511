// Errors as callers see them: one envelope, one code each, the field named.
import { errorCodes, type ErrorCode, type Problem } from '@sluice/contracts';

/** What is wrong with which field. */
export type FieldProblem = Problem;

type ApiErrorCode = { [C in ErrorCode]: (typeof errorCodes)[C]['status'] extends number ? C : never }[ErrorCode];

export interface ErrorBody {
  /** The status in words, "Bad Request". */
  message: string;
  error: { name: string; code: string; message: string; data: FieldProblem[] };
}

/** An expected failure of a call. Its status follows from its code. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ApiErrorCode;
  readonly data: FieldProblem[];
  /** Seconds after which trying again makes sense; becomes the header Retry-After. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ApiErrorCode,
    details: { message?: string; data?: FieldProblem[]; retryAfterSeconds?: number } = {},
  ) {
    super(details.message ?? errorCodes[code].meaning);
    this.code = code;
    this.data = details.data ?? [];
    this.retryAfterSeconds = details.retryAfterSeconds;
  }

  get status(): number {
    return errorCodes[this.code].status;
  }
}

/** One field is wrong: 400. */
export const fieldError = (param: string, msg: string): ApiError =>
  new ApiError('field_invalid', { data: [{ param, msg }] });

/** An id that is unknown and an id of another organization answer alike. */
export const notFound = (param: string, what: string): ApiError =>
  new ApiError('not_found', { data: [{ param, msg: `no such ${what}` }] });

const statusTexts: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  413: 'Payload Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Entity',
  425: 'Too Early',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

/** The envelope of an error answer. */
export function errorBody(error: ApiError): ErrorBody {
  const message = statusTexts[error.status] ?? 'Error';
  return {
    message,
    error: { name: message.replaceAll(' ', ''), code: error.code, message: error.message, data: error.data },
  };
}
