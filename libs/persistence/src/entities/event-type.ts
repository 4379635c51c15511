// A registered event type with its JSON Schema, and every version it ever had.
import type { EventTypeMode } from '@sluice/contracts';
import { Column, CreateDateColumn, Entity, PrimaryColumn, UpdateDateColumn } from 'typeorm';

@Entity('event_types')
export class EventTypeEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  organization_id!: string;

  /** Null: every workspace of the organization. */
  @Column('uuid', { nullable: true })
  workspace_id!: string | null;

  @Column('text')
  name!: string;

  @Column('int')
  version!: number;

  @Column('text', { nullable: true })
  description!: string | null;

  @Column('json')
  schema!: Record<string, unknown>;

  @Column('json', { nullable: true })
  example!: Record<string, unknown> | null;

  @Column('text')
  mode!: EventTypeMode;

  @Column('text')
  created_by!: string;

  @CreateDateColumn({ type: 'timestamptz' })
  created_at!: Date;

  @UpdateDateColumn({ type: 'timestamptz' })
  updated_at!: Date;

  @Column('timestamptz', { nullable: true })
  deleted_at!: Date | null;
}

@Entity('event_type_versions')
export class EventTypeVersionEntity {
  @PrimaryColumn('uuid')
  event_type_id!: string;

  @PrimaryColumn('int')
  version!: number;

  @Column('json')
  snapshot!: Record<string, unknown>;

  @Column('text')
  created_by!: string;

  @CreateDateColumn({ type: 'timestamptz' })
  created_at!: Date;
}
