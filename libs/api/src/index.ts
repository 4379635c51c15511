// The HTTP contract: what goes over the wire, how errors look, who may call, and the OpenAPI document of it.
export { ApiError, errorBody, fieldError, notFound, type ErrorBody, type FieldProblem } from './errors.ts';
export { verifyMachineToken, type MachineKey, type MachineCaller } from './machine-token.ts';
export { openApiDocument, type Operation } from './openapi.ts';
export { decodeCursor, encodeCursor, listAnswer, pageLimits, type Cursor } from './page.ts';
export * from './wire/index.ts';
