// The errors a consumer knows how to treat: a record that is at fault, or a log that cannot be reached.
import type { ErrorCode } from '@sluice/contracts';

/** This record will never be handled; it goes to the poison topic and the partition goes on. `code` stands in docs/errors.md. */
export class PoisonError extends Error {
  override readonly name = 'PoisonError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Kafka or the registry cannot be reached, or did not confirm in time. Nothing is known to be wrong with the record. */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError';
}

/** The handler gives a record back unhandled, because the process stops; whoever owns the partition next handles it. */
export class LetGoError extends Error {
  override readonly name = 'LetGoError';
}

/** The text of anything thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
