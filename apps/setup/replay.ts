// Replays a whole dead-letter topic: every dead letter of it that nobody has asked for again yet becomes a new attempt of its delivery.
import { setTimeout } from 'node:timers/promises';
import { connectorSlugs } from '@sluice/catalog';
import { deadLettersTopic, newId, PRODUCT_SLUG, type DeadLetter } from '@sluice/contracts';
import { EventLog } from '@sluice/kafka';
import { askedAgain, connectDatabase, DeadLetters } from '@sluice/persistence';
import type { Config } from './config.ts';

export interface ReplayRequest {
  connector: string;
  /** Only these; all of the topic where nothing is said. */
  workspace?: string;
  connection?: string;
  reason?: string;
  /** Dead letters per second, at most. */
  rate: number;
  /** Count, and ask for nothing. */
  dryRun: boolean;
}

export interface ReplayCount {
  /** Records of the topic that fit the request. */
  found: number;
  /** Asked for again now (or, in a dry run, would be). */
  replayed: number;
}

const batchMax = 500;

/**
 * Safe to run twice, and again after it was killed: history says which dead letters were asked for already. Control publishes what
 * is asked for, now or as soon as it runs. Throws when there is no such connector.
 */
export async function replayTopic(config: Config, request: ReplayRequest): Promise<ReplayCount> {
  if (!connectorSlugs.includes(request.connector)) {
    throw new Error(`there is no connector ${request.connector}; there are ${connectorSlugs.join(', ')}`);
  }
  const database = await connectDatabase({ url: config.POSTGRES_URL, poolSize: 1 });
  const eventLog = new EventLog({
    brokers: config.KAFKA_BROKERS,
    registryUrl: config.REGISTRY_URL,
    clientId: `${PRODUCT_SLUG}-replay`,
    warn: () => undefined,
    fatal: (reason, error) => {
      throw new Error(reason, { cause: error });
    },
  });
  try {
    const replayer = new Replayer(new DeadLetters(database), request);
    await eventLog.scan<DeadLetter>(deadLettersTopic(request.connector), ({ value }) => replayer.take(value));
    return await replayer.finish();
  } finally {
    await eventLog.close();
    await database.destroy();
  }
}

class Replayer {
  private readonly deadLetters: DeadLetters;
  private readonly request: ReplayRequest;
  private readonly count: ReplayCount = { found: 0, replayed: 0 };
  private batch: DeadLetter[] = [];

  constructor(deadLetters: DeadLetters, request: ReplayRequest) {
    this.deadLetters = deadLetters;
    this.request = request;
  }

  async take(letter: DeadLetter): Promise<void> {
    const { workspace, connection, reason } = this.request;
    if (workspace !== undefined && letter.delivery.workspace !== workspace) return;
    if (connection !== undefined && letter.delivery.connection_id !== connection) return;
    if (reason !== undefined && letter.reason !== reason) return;
    this.count.found++;
    this.batch.push(letter);
    if (this.batch.length >= Math.min(batchMax, this.request.rate)) await this.replayBatch();
  }

  async finish(): Promise<ReplayCount> {
    await this.replayBatch();
    return this.count;
  }

  private async replayBatch(): Promise<void> {
    const batch = this.batch;
    this.batch = [];
    const { dryRun, rate } = this.request;
    const asking = { trigger: 'replay', requested_by: 'replay command', requested_at: Date.now() } as const;
    const letters = batch.map(({ delivery }) => askedAgain(delivery, { id: newId(), ...asking }));
    const taken = await (dryRun ? this.deadLetters.waiting(letters) : this.deadLetters.replay(letters));
    this.count.replayed += taken.size;
    if (!dryRun) await setTimeout((taken.size / rate) * 1_000);
  }
}
