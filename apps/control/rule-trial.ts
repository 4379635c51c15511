// Tries a rule on an event: would it match and why, what would the mapping make, what would be sent. Nothing is stored, nothing sent.
import { Inject, Injectable } from '@nestjs/common';
import { ApiError, type FieldProblem, type RuleTestAnswer, type TriedEvent } from '@sluice/api';
import { eventNameProblems, firstAttempt, newId, payloadProblems, type Delivery } from '@sluice/contracts';
import type { MapInput } from '@sluice/mapping';
import { type ConnectionEntity, type RuleEntity, ruleRecord } from '@sluice/persistence';
import { explain, type Explanation } from '@sluice/rules';
import { ConnectorClient } from './connector-client.ts';
import { Mapper } from './mapper.ts';
import { Mappings } from './mappings.ts';
import { Rules } from './rules.ts';

@Injectable()
export class RuleTrial {
  private readonly mappings: Mappings;
  private readonly mapper: Mapper;
  private readonly connectors: ConnectorClient;
  private readonly rules: Rules;

  constructor(
    @Inject(Mappings) mappings: Mappings,
    @Inject(Mapper) mapper: Mapper,
    @Inject(ConnectorClient) connectors: ConnectorClient,
    @Inject(Rules) rules: Rules,
  ) {
    this.mappings = mappings;
    this.mapper = mapper;
    this.connectors = connectors;
    this.rules = rules;
  }

  async run(rule: RuleEntity, connection: ConnectionEntity, tried: TriedEvent): Promise<RuleTestAnswer> {
    mustBeSound(tried);
    const input = mapInputOf(rule.workspace_id, tried);
    const { matched, leaves } = explainOf(rule, tried);
    const warnings = this.rules.warnings(rule);
    const shown = { matched, explanation: leaves, ...(warnings.length > 0 ? { warnings } : {}) };
    if (!matched) return shown;
    const schema = rule.mapping ?? (await this.mappings.default(connection))?.schema ?? null;
    const mapped = await this.mapper.run(schema, input, `trial ${rule.id}`);
    if ('error' in mapped) {
      return { ...shown, errors: [{ param: mapped.error.field || 'mapping', msg: mapped.error.message }] };
    }
    const preview = await this.connectors.preview(deliveryOf({ rule, connection, input, payload: mapped.payload }));
    const errors: FieldProblem[] = 'problem' in preview ? [preview.problem] : [];
    return {
      ...shown,
      payload: mapped.payload,
      ...('request' in preview ? { request: preview.request } : {}),
      ...(errors.length > 0 ? { errors } : {}),
      ...(warnings.length + mapped.warnings.length > 0 ? { warnings: [...warnings, ...mapped.warnings] } : {}),
    };
  }
}

function explainOf(rule: RuleEntity, { event, payload, resource, resource_id }: TriedEvent): Explanation {
  const matched = { workspace: rule.workspace_id, event, resource: resource ?? null, resource_id: resource_id ?? null };
  return explain(ruleRecord(rule), matched, payload);
}

function mustBeSound({ event, payload, resource, resource_id }: TriedEvent): void {
  const problems = [...eventNameProblems({ event, resource, resource_id }), ...payloadProblems(payload)];
  if (problems.length === 0) return;
  throw new ApiError('field_invalid', { data: problems.map(({ param, msg }) => ({ param: `event.${param}`, msg })) });
}

const mapInputOf = (workspace: string, { event, payload, resource, resource_id }: TriedEvent): MapInput => ({
  payload,
  event: {
    id: newId(),
    type: event,
    workspace,
    resource: resource ?? null,
    resource_id: resource_id ?? null,
    created_at: Date.now(),
  },
});

interface Tried {
  rule: RuleEntity;
  connection: ConnectionEntity;
  input: MapInput;
  payload: unknown;
}

const deliveryOf = ({ rule, connection, input: { event }, payload }: Tried): Delivery => ({
  id: newId(),
  event_id: event.id,
  workspace: event.workspace,
  rule_id: rule.id,
  rule_version: rule.version,
  connection_id: connection.id,
  connection_version: connection.version,
  mapping_version: null,
  connector: rule.connector,
  action: rule.action,
  action_settings: JSON.stringify(rule.action_settings),
  event: event.type,
  resource: event.resource,
  resource_id: event.resource_id,
  payload: JSON.stringify(payload),
  created_at: event.created_at,
  created_by: null,
  queued_at: event.created_at,
  ...firstAttempt,
});
