// What it means to publish configuration: a row of Postgres as the record its compacted topic holds. Pure.
import {
  defaultPolicy,
  type AccessKey,
  type Connection,
  type EventType,
  type Rule,
  type Workspace,
} from '@sluice/contracts';
import type {
  AccessKeyEntity,
  ConnectionEntity,
  EventTypeEntity,
  MappingEntity,
  RuleEntity,
  WorkspaceEntity,
} from './entities/index.ts';

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

/** A connection travels with its default mapping: whoever maps needs both. */
export const connectionRecord = (connection: ConnectionEntity, mapping: MappingEntity | null): Connection => ({
  id: connection.id,
  workspace_id: connection.workspace_id,
  connector: connection.connector,
  version: connection.version,
  name: connection.name,
  settings: JSON.stringify(connection.settings),
  sealed_credentials: connection.sealed_credentials,
  active: connection.active,
  inactive_reason: connection.inactive_reason,
  // One that was stored by an older release says less.
  policy: { ...defaultPolicy, ...connection.policy },
  default_mapping: mapping && JSON.stringify(mapping.schema),
  mapping_version: mapping?.version ?? null,
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
  conditions: rule.conditions && JSON.stringify(rule.conditions),
  mapping: rule.mapping && JSON.stringify(rule.mapping),
});

export const eventTypeRecord = (type: EventTypeEntity): EventType => ({
  id: type.id,
  organization_id: type.organization_id,
  workspace_id: type.workspace_id,
  name: type.name,
  version: type.version,
  schema: JSON.stringify(type.schema),
  mode: type.mode,
});
