// Marks a controller's method as the handler of topics' records; the Kafka transport does the rest.
import { applyDecorators, UseFilters } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import type { Topic } from '@sluice/contracts';
import { PassErrorsOn } from './pass-errors-on.ts';

/** The method takes one ConsumedRecord and resolves when it is fully handled. */
export function Consumes(...topics: readonly Topic[]): MethodDecorator {
  const names = topics.map((topic) => topic.name);
  return applyDecorators(EventPattern(names, { topics }), UseFilters(new PassErrorsOn()));
}
