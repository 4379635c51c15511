// Works off replays of many, step by step, whichever process of control is free; what one leaves behind another goes on with.
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { messageOf } from '@sluice/kafka';
import { ReplayRuns } from '@sluice/persistence';
import { LOG } from '@sluice/service';
import type { Log } from '@sluice/telemetry';
import { Relay } from './relay.ts';
import { step } from './replays-step.ts';

const lookAgainMs = 200;

@Injectable()
export class ReplaysRunner implements OnModuleInit, OnModuleDestroy {
  private readonly runs: ReplayRuns;
  private readonly relay: Relay;
  private readonly log: Log;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private isStopping = false;

  constructor(@Inject(ReplayRuns) runs: ReplayRuns, @Inject(Relay) relay: Relay, @Inject(LOG) log: Log) {
    this.runs = runs;
    this.relay = relay;
    this.log = log;
  }

  onModuleInit(): void {
    this.timer = setInterval(() => {
      this.running ??= this.run().finally(() => (this.running = undefined));
    }, lookAgainMs);
  }

  async onModuleDestroy(): Promise<void> {
    this.isStopping = true;
    clearInterval(this.timer);
    await this.running;
  }

  private async run(): Promise<void> {
    try {
      while (!this.isStopping && (await this.runs.whileHeld(step))) await this.relay.publish();
    } catch (error) {
      this.log.warn({ event: 'replay.delayed', error: messageOf(error) });
    }
  }
}
