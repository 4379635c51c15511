// Nest's warnings and errors as lines of ours; its chatter about modules and routes is left out.
import type { LoggerService } from '@nestjs/common';
import type { Log } from '@sluice/telemetry';

export class NestLog implements LoggerService {
  private readonly target: Log;

  constructor(target: Log) {
    this.target = target;
  }

  log(): void {
    // Everyday start-up lines.
  }

  warn(message: unknown, ...details: unknown[]): void {
    this.target.warn({ event: 'nest', details }, String(message));
  }

  error(message: unknown, ...details: unknown[]): void {
    this.target.error({ event: 'nest', details }, String(message));
  }
}
