// What it means to publish configuration: a row of Postgres as the record its compacted topic holds. Pure.
import type { AccessKey, Connection, Rule, Workspace } from '@sluice/contracts';
import type { AccessKeyEntity, ConnectionEntity, RuleEntity, WorkspaceEntity } from '@sluice/persistence';

export const workspaceRecord = ({ id, organization_id }: WorkspaceEntity): Workspace => ({ id, organization_id });

export const accessKeyRecord = (key: AccessKeyEntity): AccessKey => ({
  id: key.id,
  kind: key.kind,
  organization_id: key.organization_id,
  workspace_id: key.workspace_id,
  sealed_secret: key.sealed_secret,
  expires_at: key.expires_at?.getTime() ?? null,
  revoked_at: key.revoked_at?.getTime() ?? null,
});

export const connectionRecord = (connection: ConnectionEntity): Connection => ({
  id: connection.id,
  workspace_id: connection.workspace_id,
  connector: connection.connector,
  version: connection.version,
  name: connection.name,
  settings: JSON.stringify(connection.settings),
  sealed_credentials: connection.sealed_credentials,
  active: connection.active,
  inactive_reason: connection.inactive_reason,
  policy: connection.policy,
});

export const ruleRecord = (rule: RuleEntity): Rule => ({
  id: rule.id,
  workspace_id: rule.workspace_id,
  connection_id: rule.connection_id,
  connector: rule.connector,
  version: rule.version,
  event: rule.event,
  resource: rule.resource,
  resource_id: rule.resource_id,
  action: rule.action,
  action_settings: JSON.stringify(rule.action_settings),
  mapping_version: null,
  active: rule.active,
});
