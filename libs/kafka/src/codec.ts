// Avro <-> bytes in Confluent's wire format (0, schema id, data), schemas through the registry, each asked for once.
import { SchemaRegistry, SchemaType } from '@kafkajs/confluent-schema-registry';
import { schemaTexts, type SchemaName, type Topic } from '@sluice/contracts';
import avro, { type Resolver, type Type } from 'avsc';
import { messageOf, PoisonError, UnavailableError } from './errors.ts';

const PREFIX_BYTES = 5;

interface Reader {
  type: Type;
  resolver: Resolver | undefined;
}

export class Codec {
  private readonly registry: SchemaRegistry;
  private readonly types = new Map<SchemaName, Type>();
  /** Topic name -> id under which its schema is registered. */
  private readonly idsToWrite = new Map<string, number>();
  /** `<schema name> <writer's schema id>` -> how to read it, or why it cannot be. */
  private readonly readers = new Map<string, Reader | PoisonError>();
  private scratch = Buffer.allocUnsafe(64 * 1024);

  /** @param registryUrl base URL of a Confluent-compatible API */
  constructor(registryUrl: string) {
    this.registry = new SchemaRegistry({ host: registryUrl, retry: { retries: 3, initialRetryTimeInSecs: 0.2 } });
  }

  /** Looks up the ids of the schemas of topics that will be written. Must be done once before `encode`. */
  async prepareToWrite(topics: readonly Topic[]): Promise<void> {
    await Promise.all(
      topics.map(async (topic) => {
        if (this.idsToWrite.has(topic.name)) return;
        this.idsToWrite.set(topic.name, await this.registeredId(topic));
      }),
    );
  }

  /** Bytes of a record of this topic. Throws when the value does not fit the schema: that is a mistake in our code. */
  encode(topic: Topic, value: unknown): Buffer {
    const id = this.idsToWrite.get(topic.name);
    if (id === undefined) throw new Error(`topic ${topic.name} was not prepared for writing`);
    const type = this.type(topic.schema);
    let end = type.encode(value, this.scratch, PREFIX_BYTES);
    if (end < 0) {
      // avsc answers minus the number of bytes that were missing.
      this.scratch = Buffer.allocUnsafe((this.scratch.length - end) * 2);
      end = type.encode(value, this.scratch, PREFIX_BYTES);
    }
    this.scratch.writeUInt8(0, 0);
    this.scratch.writeUInt32BE(id, 1);
    return Buffer.from(this.scratch.subarray(0, end));
  }

  /** The id of the schema a record was written with; a PoisonError when it is not in the wire format. */
  writerId(bytes: Buffer | null): number {
    if (bytes === null) throw new PoisonError('record_empty', 'the record has no value');
    if (bytes.length < PREFIX_BYTES || bytes[0] !== 0) {
      throw new PoisonError('record_not_avro', "the record is not in Confluent's wire format (0, schema id, Avro)");
    }
    return bytes.readUInt32BE(1);
  }

  /** Makes `decode` possible for this writer's schema; asks the registry at most once. UnavailableError when it cannot be asked. */
  async prepareToRead(name: SchemaName, writerId: number): Promise<void> {
    const key = `${name} ${writerId}`;
    if (!this.readers.has(key)) this.readers.set(key, await this.makeReader(name, writerId));
  }

  /** Whether `prepareToRead` was done. */
  canRead(name: SchemaName, writerId: number): boolean {
    return this.readers.has(`${name} ${writerId}`);
  }

  /** A record's value, as our present schema sees it. Throws PoisonError. */
  decode(name: SchemaName, bytes: Buffer): unknown {
    const reader = this.readers.get(`${name} ${this.writerId(bytes)}`);
    if (!reader) throw new Error(`no reader prepared for ${name}`);
    if (reader instanceof PoisonError) throw reader;
    try {
      return reader.type.fromBuffer(bytes.subarray(PREFIX_BYTES), reader.resolver) as unknown;
    } catch (error) {
      throw new PoisonError('record_undecodable', `decoding ${name}: ${messageOf(error)}`);
    }
  }

  private type(name: SchemaName): Type {
    const known = this.types.get(name);
    if (known) return known;
    const type = avro.Type.forSchema(JSON.parse(schemaTexts[name]) as avro.Schema);
    this.types.set(name, type);
    return type;
  }

  private async registeredId(topic: Topic): Promise<number> {
    const schema = { type: SchemaType.AVRO as const, schema: schemaTexts[topic.schema] };
    try {
      return await this.registry.getRegistryIdBySchema(`${topic.name}-value`, schema);
    } catch (error) {
      if (statusOf(error) === 404) {
        throw new Error(`the schema of topic ${topic.name} is not registered; run the setup app first`, {
          cause: error,
        });
      }
      throw new UnavailableError(`asking the schema registry: ${messageOf(error)}`);
    }
  }

  private async makeReader(name: SchemaName, writerId: number): Promise<Reader | PoisonError> {
    const type = this.type(name);
    let writer: Type;
    try {
      const found = (await this.registry.getSchema(writerId)) as unknown as Type;
      writer = avro.Type.forSchema(found.schema({ exportAttrs: true }));
    } catch (error) {
      if (statusOf(error) === 404) return new PoisonError('schema_unknown', `the registry has no schema ${writerId}`);
      throw new UnavailableError(`asking the schema registry: ${messageOf(error)}`);
    }
    if (type.equals(writer)) return { type, resolver: undefined };
    try {
      return { type, resolver: type.createResolver(writer) };
    } catch (error) {
      return new PoisonError('schema_incompatible', `schema ${writerId} is no ${name}: ${messageOf(error)}`);
    }
  }
}

function statusOf(error: unknown): number | undefined {
  return typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) : undefined;
}
