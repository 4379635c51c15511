// Reads rules as they stood at some time, so that an old decision can be explained by the rules that made it.
import type { Rule } from '@sluice/contracts';
import type { DataSource } from 'typeorm';

export interface RuleAt {
  /** The rule as that version was published. */
  rule: Rule;
  /** When the version was made. */
  made_at: Date;
  deleted_at: Date | null;
}

export interface RulesAtFilter {
  connection?: string;
  rule?: string;
}

/** A workspace holds fewer rules than this (limits of control). */
const rulesMax = 20_000;

export class RulesAt {
  private readonly database: DataSource;

  constructor(database: DataSource) {
    this.database = database;
  }

  /** Every rule of a workspace in the version it had at a time, deleted ones included; rules that are younger are not among them. */
  async find(workspace: string, at: Date, filter: RulesAtFilter = {}): Promise<RuleAt[]> {
    const rows = await this.database.query<{ snapshot: Rule; created_at: Date; deleted_at: Date | null }[]>(
      `select distinct on (v.rule_id) v.snapshot, v.created_at, r.deleted_at
       from rule_versions v join rules r on r.id = v.rule_id
       where r.workspace_id = $1 and v.created_at <= $2
         and ($3::uuid is null or r.connection_id = $3) and ($4::uuid is null or r.id = $4)
       order by v.rule_id, v.version desc limit ${rulesMax}`,
      [workspace, at, filter.connection ?? null, filter.rule ?? null],
    );
    return rows.map(({ snapshot, created_at, deleted_at }) => ({ rule: snapshot, made_at: created_at, deleted_at }));
  }

  /** One version of a rule. */
  async version(ruleId: string, version: number): Promise<RuleAt | undefined> {
    const [row] = await this.database.query<{ snapshot: Rule; created_at: Date; deleted_at: Date | null }[]>(
      `select v.snapshot, v.created_at, r.deleted_at from rule_versions v join rules r on r.id = v.rule_id
       where v.rule_id = $1 and v.version = $2`,
      [ruleId, version],
    );
    return row && { rule: row.snapshot, made_at: row.created_at, deleted_at: row.deleted_at };
  }
}
