// Which events go to which connection, and every version of it.
import { Column, CreateDateColumn, Entity, PrimaryColumn, UpdateDateColumn } from 'typeorm';

@Entity('rules')
export class RuleEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  workspace_id!: string;

  @Column('uuid')
  connection_id!: string;

  @Column('text')
  connector!: string;

  @Column('int')
  version!: number;

  @Column('text')
  event!: string;

  @Column('text', { nullable: true })
  resource!: string | null;

  @Column('text', { nullable: true })
  resource_id!: string | null;

  @Column('text')
  action!: string;

  /** The action's own fields. */
  @Column('jsonb')
  action_settings!: Record<string, unknown>;

  /** An event pattern; null takes every event of the type. */
  @Column('json', { nullable: true })
  conditions!: Record<string, unknown> | null;

  /** The rule's own mapping; null uses the connection's default. */
  @Column('json', { nullable: true })
  mapping!: Record<string, unknown> | null;

  @Column('boolean')
  active!: boolean;

  @Column('boolean')
  hidden!: boolean;

  @Column('text')
  created_by!: string;

  @CreateDateColumn({ type: 'timestamptz' })
  created_at!: Date;

  @UpdateDateColumn({ type: 'timestamptz' })
  updated_at!: Date;

  @Column('timestamptz', { nullable: true })
  deleted_at!: Date | null;
}

@Entity('rule_versions')
export class RuleVersionEntity {
  @PrimaryColumn('uuid')
  rule_id!: string;

  @PrimaryColumn('int')
  version!: number;

  @Column('jsonb')
  snapshot!: Record<string, unknown>;

  @Column('text')
  created_by!: string;

  @CreateDateColumn({ type: 'timestamptz' })
  created_at!: Date;
}
