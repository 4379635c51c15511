// Marks a controller's method as the handler of topics' records; the Kafka transport does the rest.
import { EventPattern } from '@nestjs/microservices';
import type { Topic } from '@sluice/contracts';

/** The method takes one ConsumedRecord and resolves when it is fully handled. */
export function Consumes(...topics: readonly Topic[]): MethodDecorator {
  return (prototype, method, descriptor) => {
    EventPattern(
      topics.map((topic) => topic.name),
      { topics },
    )(prototype, method, descriptor);
  };
}
