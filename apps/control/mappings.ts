// The default mappings of connections: stored in versions, published with their connection.
import { Inject, Injectable } from '@nestjs/common';
import { ApiError, type MachineCaller, type MappingInput } from '@sluice/api';
import { newId, topics } from '@sluice/contracts';
import { ConnectionEntity, MappingEntity, MappingVersionEntity, publish, connectionRecord } from '@sluice/persistence';
import type { DataSource, EntityManager } from 'typeorm';
import { Mapper } from './mapper.ts';
import { Relay } from './relay.ts';
import { DATABASE } from './tokens.ts';

@Injectable()
export class Mappings {
  private readonly database: DataSource;
  private readonly relay: Relay;
  private readonly mapper: Mapper;

  constructor(@Inject(DATABASE) database: DataSource, @Inject(Relay) relay: Relay, @Inject(Mapper) mapper: Mapper) {
    this.database = database;
    this.relay = relay;
    this.mapper = mapper;
  }

  /** The default mapping of a connection, or null where none is stored. */
  default(connection: ConnectionEntity): Promise<MappingEntity | null> {
    return this.database.getRepository(MappingEntity).findOneBy({ connection_id: connection.id });
  }

  /** Newest first. */
  versions(mapping: MappingEntity): Promise<MappingVersionEntity[]> {
    return this.database
      .getRepository(MappingVersionEntity)
      .find({ where: { mapping_id: mapping.id }, order: { version: 'DESC' }, take: 200 });
  }

  /** Stores a new version. Throws ApiError: 422 when it is not sound, 409 when the expected version is not the present one. */
  async put(caller: MachineCaller, connection: ConnectionEntity, input: MappingInput): Promise<MappingEntity> {
    await this.mapper.mustBeSound(input.schema, 'schema');
    const stored = await this.database.transaction(async (manager) => {
      const locked = await lockedConnection(manager, connection);
      const before = await manager.findOneBy(MappingEntity, { connection_id: connection.id });
      const version = before?.version ?? 0;
      if (input.expected_version !== undefined && input.expected_version !== version)
        throw new ApiError('version_stale');
      const mapping = manager.create(MappingEntity, {
        id: before?.id ?? newId(),
        workspace_id: connection.workspace_id,
        connection_id: connection.id,
        version: version + 1,
        name: input.name ?? before?.name ?? 'Default mapping',
        schema: input.schema,
        created_by: caller.key,
      });
      await manager.save(mapping);
      const { id: mapping_id, name, schema } = mapping;
      await manager.insert(MappingVersionEntity, {
        mapping_id,
        version: version + 1,
        name,
        schema: schema as never,
        created_by: caller.key,
      });
      await publishConnection(manager, locked, mapping);
      return manager.findOneByOrFail(MappingEntity, { id: mapping.id });
    });
    await this.relay.publish();
    return stored;
  }
}

/** Changes of a connection and of its mapping are published in the order in which they were made. */
const lockedConnection = (manager: EntityManager, { id }: ConnectionEntity): Promise<ConnectionEntity> =>
  manager.findOneOrFail(ConnectionEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });

/** Notes that a connection is to be published, with its default mapping. */
async function publishConnection(
  manager: EntityManager,
  connection: ConnectionEntity,
  mapping: MappingEntity | null,
): Promise<void> {
  const value = connectionRecord(connection, mapping);
  await publish(manager, { topic: topics.connections.name, key: connection.id, value });
}
