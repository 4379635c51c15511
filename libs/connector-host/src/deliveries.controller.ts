// Takes the deliveries of one connector; each is done when its outcome is told or it is parked.
import { Controller, Inject, type Type } from '@nestjs/common';
import { deliveriesTopic, type Delivery } from '@sluice/contracts';
import type { ConsumedRecord } from '@sluice/kafka';
import { Consumes } from '@sluice/service';
import { Engine } from './engine.ts';

/** The controller of a connector; a class of its own, because its topic is part of its decorator. */
export function deliveriesController(connector: string): Type {
  @Controller()
  class DeliveriesController {
    private readonly engine: Engine;

    constructor(@Inject(Engine) engine: Engine) {
      this.engine = engine;
    }

    @Consumes(deliveriesTopic(connector))
    async onDelivery({ value: delivery, trace, partition, offset }: ConsumedRecord<Delivery>): Promise<void> {
      await this.engine.run({ delivery, trace }, { partition, offset });
    }
  }
  return DeliveriesController;
}
