// The wrapped data keys of workspaces: one each, made by whoever needs it first.
import type { EntityManager } from 'typeorm';

/**
 * The wrapped data key of a workspace. It is not wrapped anew before the transaction ends, so that whatever is sealed with it is
 * there to be seen by who wraps it anew.
 */
export async function workspaceKey(manager: EntityManager, workspace: string, make: () => string): Promise<string> {
  const kept = await find(manager, workspace);
  if (kept !== undefined) return kept;
  await manager.query('insert into workspace_keys (workspace_id, wrapped_key) values ($1, $2) on conflict do nothing', [
    workspace,
    make(),
  ]);
  const made = await find(manager, workspace);
  if (made === undefined) throw new Error(`workspace ${workspace} has no data key`);
  return made;
}

async function find(manager: EntityManager, workspace: string): Promise<string | undefined> {
  const rows = await manager.query<{ wrapped_key: string }[]>(
    'select wrapped_key from workspace_keys where workspace_id = $1 for share',
    [workspace],
  );
  return rows[0]?.wrapped_key;
}
