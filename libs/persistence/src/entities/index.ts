// The tables of configuration.
export { AccessKeyEntity } from './access-key.ts';
export { AccessTokenEntity, OAuthStateEntity } from './access-token.ts';
export { ConnectionEntity, ConnectionVersionEntity } from './connection.ts';
export { EventTypeEntity, EventTypeVersionEntity } from './event-type.ts';
export { LiveChoiceEntity } from './live-choice.ts';
export { MappingEntity, MappingVersionEntity } from './mapping.ts';
export { OrganizationEntity } from './organization.ts';
export { ReplayEntity, type ReplayStatus } from './replay.ts';
export { RuleEntity, RuleVersionEntity } from './rule.ts';
export { WorkspaceEntity } from './workspace.ts';
