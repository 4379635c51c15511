// What the author of a connector sees: declare it as a value, build requests, read answers.
export { choicesMax, choicesOf, recordFieldsOf, tested } from './answers.ts';
export { neededBy } from './auth-scheme.ts';
export { classifyEach, withFirst } from './batch.ts';
export { catalogEntry } from './catalog-entry.ts';
export {
  answerClasses,
  byStatus,
  classified,
  delivered,
  retryAfterMs,
  retryAtOf,
  type AnswerClass,
  type Classification,
  type OutcomeCode,
} from './classify.ts';
export {
  actionsOf,
  defineConnector,
  type Access,
  type Action,
  type Batch,
  type Call,
  type Choice,
  type Connector,
  type Credentials,
  type Question,
  type Reading,
  type RecordField,
  type Step,
  type Tested,
} from './connector.ts';
export { fromPayload } from './from-payload.ts';
export {
  at,
  basic,
  jsonOf,
  jsonRequest,
  listAt,
  path,
  query,
  textAt,
  type HttpRequest,
  type HttpResponse,
  type JsonRequest,
  type PathRequest,
} from './http.ts';
export { InputError } from './input-error.ts';
export { secret } from './secret.ts';
export { baseUrl, credential, email, text } from './text.ts';
