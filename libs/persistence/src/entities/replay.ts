// A replay of all dead letters that a filter names: what was asked for, and how far it is.
import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';
import type { DeadLetterFilter } from '../dead-letters.ts';

export type ReplayStatus = 'running' | 'completed' | 'canceled';

@Entity('replays')
export class ReplayEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  organization_id!: string;

  /** Those that it has still to go through, one after the other. */
  @Column('uuid', { array: true })
  workspaces!: string[];

  @Column('json')
  filter!: DeadLetterFilter & { workspace?: string };

  /** Dead letters per second at most. */
  @Column('int')
  rate!: number;

  @Column('text')
  requested_by!: string;

  @Column('text')
  status!: ReplayStatus;

  /** Dead letters that the filter named when it began. */
  @Column('int')
  total!: number;

  /** Of these, asked for again. */
  @Column('int')
  done!: number;

  /** When its next step may be made. */
  @Column('timestamptz')
  next_at!: Date;

  @CreateDateColumn({ type: 'timestamptz' })
  created_at!: Date;

  @Column('timestamptz', { nullable: true })
  ended_at!: Date | null;
}
