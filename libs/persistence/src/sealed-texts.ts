// Every place where sealed texts stand, for the one who wraps their data keys anew; what stands on topics too is published again.
import { topics } from '@sluice/contracts';
import { In, IsNull, type DataSource, type EntityManager } from 'typeorm';
import { AccessKeyEntity, ConnectionEntity, MappingEntity } from './entities/index.ts';
import { publish } from './publications.ts';
import { accessKeyRecord, connectionRecord } from './records.ts';

export interface SealedText {
  /** Names the row; batches go by it. */
  key: string;
  /** What the text was sealed to. */
  bound: string;
  sealed: string;
  /** Of the workspace it belongs to, as it is wrapped now; undefined where it belongs to none. */
  workspaceKey: string | undefined;
}

interface Place {
  table: string;
  /** Expressions of its rows, all text but the workspace. */
  key: string;
  workspace: string;
  bound: string;
  sealed: string;
  /** Sets the texts of `n (key, sealed)`. */
  set: string;
  publish?: (manager: EntityManager, keys: string[]) => Promise<void>;
}

const places = {
  connections: {
    table: 'connections',
    key: 'id::text',
    workspace: 'workspace_id',
    bound: "'connection ' || workspace_id || ' ' || id",
    sealed: 'sealed_credentials',
    set: 'sealed_credentials = n.sealed from n where id = n.key::uuid',
    publish: publishConnections,
  },
  'versions of connections': {
    table: 'connection_versions',
    key: "connection_id || ' ' || version",
    workspace: "(snapshot->>'workspace_id')::uuid",
    bound: "'connection ' || (snapshot->>'workspace_id') || ' ' || connection_id",
    sealed: "snapshot->>'sealed_credentials'",
    set: `snapshot = jsonb_set(snapshot, '{sealed_credentials}', to_jsonb(n.sealed)) from n
          where connection_id || ' ' || version = n.key`,
  },
  tokens: {
    table: 'access_tokens',
    key: 'connection_id::text',
    workspace: 'workspace_id',
    bound: "'tokens ' || workspace_id || ' ' || connection_id",
    sealed: 'sealed_tokens',
    set: 'sealed_tokens = n.sealed from n where connection_id = n.key::uuid',
  },
  'access keys': {
    table: 'access_keys',
    key: 'id',
    workspace: 'null::uuid',
    bound: "'access-key ' || id",
    sealed: 'sealed_secret',
    set: 'sealed_secret = n.sealed from n where id = n.key',
    publish: publishAccessKeys,
  },
} as const satisfies Record<string, Place>;

export type SealedPlace = keyof typeof places;
export const sealedPlaces = Object.keys(places) as SealedPlace[];

export interface SealedBatch {
  /** Texts of keys after this one. */
  after: string;
  limit: number;
  /** Texts under this key are left alone. */
  kekId: string;
}

export class SealedTexts {
  private readonly database: DataSource;

  constructor(database: DataSource) {
    this.database = database;
  }

  /** Replaces every workspace's wrapped data key that is not under `kekId`; returns how many. */
  async replaceWorkspaceKeys(kekId: string, anew: (workspace: string, wrapped: string) => string | undefined) {
    const ids = await this.database.query<{ workspace_id: string }[]>(
      `select workspace_id from workspace_keys where split_part(wrapped_key, '.', 1) <> $1 order by workspace_id`,
      [kekId],
    );
    let replaced = 0;
    for (const { workspace_id } of ids) {
      await this.database.transaction(async (manager) => {
        // Waits for whoever is sealing with it; what they sealed is there to be seen afterwards.
        const [row] = await manager.query<{ wrapped_key: string }[]>(
          'select wrapped_key from workspace_keys where workspace_id = $1 for update',
          [workspace_id],
        );
        const wrapped = row && anew(workspace_id, row.wrapped_key);
        if (wrapped === undefined) return;
        await manager.query('update workspace_keys set wrapped_key = $2 where workspace_id = $1', [
          workspace_id,
          wrapped,
        ]);
        replaced++;
      });
    }
    return replaced;
  }

  /**
   * Replaces the texts of one batch in one transaction. `anew` may leave one as it is by giving undefined.
   * @returns the key of the batch's last text, undefined when there was none; and how many were replaced
   */
  async replaceBatch(name: SealedPlace, batch: SealedBatch, anew: (text: SealedText) => string | undefined) {
    const place: Place = places[name];
    return this.database.transaction(async (manager) => {
      const texts = await textsOf(manager, place, batch);
      const replaced = texts.flatMap((text) => {
        const sealed = anew(text);
        return sealed === undefined ? [] : [{ key: text.key, sealed }];
      });
      const keys = replaced.map(({ key }) => key);
      const parameters = [keys, replaced.map(({ sealed }) => sealed)];
      const rows = 'with n as (select * from unnest($1::text[], $2::text[]) as n (key, sealed))';
      await manager.query(`${rows} update ${place.table} set ${place.set}`, parameters);
      await place.publish?.(manager, keys);
      return { last: texts.at(-1)?.key, replaced: keys.length };
    });
  }
}

async function textsOf(
  manager: EntityManager,
  place: Place,
  { kekId, after, limit }: SealedBatch,
): Promise<SealedText[]> {
  const { table, key, workspace, bound, sealed } = place;
  const rows = await manager.query<{ key: string; workspace_id: string | null; bound: string; sealed: string }[]>(
    `select ${key} as key, ${workspace} as workspace_id, ${bound} as bound, ${sealed} as sealed from ${table}
     where split_part(${sealed}, '.', 2) <> $1 and ${key} > $2 order by ${key} limit $3 for update`,
    [kekId, after, limit],
  );
  const keys = await manager.query<{ workspace_id: string; wrapped_key: string }[]>(
    'select workspace_id, wrapped_key from workspace_keys where workspace_id = any($1)',
    [rows.map(({ workspace_id }) => workspace_id)],
  );
  const keyOf = new Map(keys.map(({ workspace_id, wrapped_key }) => [workspace_id, wrapped_key]));
  return rows.map((row) => ({
    key: row.key,
    bound: row.bound,
    sealed: row.sealed,
    workspaceKey: keyOf.get(row.workspace_id ?? ''),
  }));
}

async function publishConnections(manager: EntityManager, ids: string[]): Promise<void> {
  const connections = await manager.findBy(ConnectionEntity, { id: In(ids), deleted_at: IsNull() });
  const mappings = await manager.findBy(MappingEntity, { connection_id: In(ids) });
  const mappingOf = new Map(mappings.map((mapping) => [mapping.connection_id, mapping]));
  for (const connection of connections) {
    const value = connectionRecord(connection, mappingOf.get(connection.id) ?? null);
    await publish(manager, { topic: topics.connections.name, key: connection.id, value });
  }
}

async function publishAccessKeys(manager: EntityManager, ids: string[]): Promise<void> {
  for (const key of await manager.findBy(AccessKeyEntity, { id: In(ids) })) {
    await publish(manager, { topic: topics.accessKeys.name, key: key.id, value: accessKeyRecord(key) });
  }
}
