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
  private readonly registryUrl: string;
  private readonly types = new Map<SchemaName, Type>();
  /** Topic name -> id under which its schema is registered. */
  private readonly idsToWrite = new Map<string, number>();
  /** `<schema name> <writer's schema id>` -> how to read it, or why it cannot be. */
  private readonly readers = new Map<string, Reader | PoisonError>();
  private scratch = Buffer.allocUnsafe(64 * 1024);

  /** @param registryUrl base URL of a Confluent-compatible API */
  constructor(registryUrl: string) {
    this.registryUrl = registryUrl;
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
      if (statusOf(error) === 404 || isUnregistered(error)) {
        throw new Error(`the schema of topic ${topic.name} is not registered; run the setup app first`, {
          cause: error,
        });
      }
      throw new UnavailableError(`asking the schema registry: ${messageOf(error)}`);
    }
  }

  private async makeReader(name: SchemaName, writerId: number): Promise<Reader | PoisonError> {
    try {
      const writer = await this.writerType(writerId);
      const type = this.type(name);
      return { type, resolver: type.equals(writer) ? undefined : type.createResolver(writer) };
    } catch (error) {
      if (error instanceof UnavailableError) throw error;
      if (error instanceof PoisonError) return error;
      return new PoisonError('schema_incompatible', `schema ${writerId} is no ${name}: ${messageOf(error)}`);
    }
  }

  /** Throws UnavailableError when the registry cannot be asked, and anything else when what it has is no Avro schema. */
  private async writerType(writerId: number): Promise<Type> {
    let found: Type;
    try {
      found = (await this.registry.getSchema(writerId)) as unknown as Type;
    } catch (error) {
      const status = statusOf(error);
      if (status === 404) throw new PoisonError('schema_unknown', `the registry has no schema ${writerId}`);
      if (status === undefined && (await this.hasSchema(writerId))) throw error;
      throw new UnavailableError(`asking the schema registry: ${messageOf(error)}`);
    }
    return avro.Type.forSchema(found.schema({ exportAttrs: true }));
  }

  /** Whether the registry answers with a schema, whatever its kind: its client's errors do not tell a bad schema from a bad line. */
  private async hasSchema(writerId: number): Promise<boolean> {
    try {
      const response = await fetch(`${this.registryUrl.replace(/\/$/, '')}/schemas/ids/${writerId}`, {
        signal: AbortSignal.timeout(3_000),
      });
      await response.arrayBuffer();
      return response.ok;
    } catch {
      return false;
    }
  }
}

/** The client drops the status of this one answer. */
const isUnregistered = (error: unknown): boolean =>
  error instanceof Error && error.name === 'ConfluentSchemaRegistryError' && statusOf(error) === undefined;

function statusOf(error: unknown): number | undefined {
  return typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) : undefined;
}
