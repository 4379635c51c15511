// Runs a new mapping on the newest real events and shows what it would change. Nothing is stored, nothing sent.
import { Inject, Injectable } from '@nestjs/common';
import { previewLimits, type MappingPreview, type MappingPreviewInput } from '@sluice/api';
import type { MapInput } from '@sluice/mapping';
import { History, type ConnectionEntity, type EventSample, type RuleEntity, ruleRecord } from '@sluice/persistence';
import { explain } from '@sluice/rules';
import { differences } from './difference.ts';
import { Mapper, type Mapped } from './mapper.ts';
import { Mappings } from './mappings.ts';

export interface PreviewRequest {
  workspace: string;
  rule: RuleEntity | undefined;
  connection: ConnectionEntity | undefined;
  input: MappingPreviewInput;
}

/** Events looked through for those that a rule matches, for each that is shown. */
const lookedThrough = 10;

@Injectable()
export class MappingTrial {
  private readonly history: History;
  private readonly mapper: Mapper;
  private readonly mappings: Mappings;

  constructor(@Inject(History) history: History, @Inject(Mapper) mapper: Mapper, @Inject(Mappings) mappings: Mappings) {
    this.history = history;
    this.mapper = mapper;
    this.mappings = mappings;
  }

  async run({ workspace, rule, connection, input }: PreviewRequest): Promise<MappingPreview> {
    await this.mapper.mustBeSound(input.schema, 'schema');
    const limit = input.limit ?? previewLimits.default;
    const exactType = input.event ?? (rule && !rule.event.endsWith('.*') ? rule.event : null);
    const samples = await this.history.samples(workspace, exactType, rule ? limit * lookedThrough : limit);
    const fitting = samples.filter((sample) => !rule || matches(rule, sample)).slice(0, limit);
    const present = rule?.mapping ?? (connection ? ((await this.mappings.default(connection))?.schema ?? null) : null);
    const records = [];
    for (const sample of fitting) {
      const mapInput = mapInputOf(workspace, sample);
      const before = sideOf(await this.mapper.run(present, mapInput, `preview ${workspace} before`));
      const after = sideOf(await this.mapper.run(input.schema, mapInput, `preview ${workspace} after`));
      records.push({ event: sample.id, before, after, diff: differences(before.payload, after.payload) });
    }
    return {
      count: records.length,
      changed: records.filter(({ diff }) => diff.length > 0).length,
      failed: records.filter(({ after }) => 'error' in after).length,
      records,
    };
  }
}

function matches(rule: RuleEntity, sample: EventSample): boolean {
  const payload = JSON.parse(sample.payload) as Record<string, unknown>;
  return explain(ruleRecord(rule), sample, payload).matched;
}

function mapInputOf(workspace: string, sample: EventSample): MapInput {
  const { id, event: type, resource, resource_id, created_at } = sample;
  const payload = JSON.parse(sample.payload) as Record<string, unknown>;
  return { payload, event: { id, type, workspace, resource, resource_id, created_at: created_at.getTime() } };
}

function sideOf(mapped: Mapped): { payload?: unknown; error?: { field: string; message: string } } {
  return 'error' in mapped ? { error: mapped.error } : { payload: mapped.payload };
}
