// A configured destination, and every version it ever had.
import type { Policy } from '@sluice/contracts';
import { Column, CreateDateColumn, Entity, PrimaryColumn, UpdateDateColumn } from 'typeorm';

@Entity('connections')
export class ConnectionEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  workspace_id!: string;

  @Column('text')
  connector!: string;

  @Column('int')
  version!: number;

  @Column('text')
  name!: string;

  /** Nothing secret. */
  @Column('jsonb')
  settings!: Record<string, unknown>;

  /** Sealed by the vault, bound to `connection <workspace> <id>`. */
  @Column('text', { nullable: true })
  sealed_credentials!: string | null;

  /** Names of the members that are sealed, so that they can be shown masked without being opened. */
  @Column('text', { array: true })
  credential_names!: string[];

  @Column('jsonb')
  policy!: Policy;

  @Column('boolean')
  active!: boolean;

  @Column('text', { nullable: true })
  inactive_reason!: string | null;

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

@Entity('connection_versions')
export class ConnectionVersionEntity {
  @PrimaryColumn('uuid')
  connection_id!: string;

  @PrimaryColumn('int')
  version!: number;

  /** The connection as it stood, credentials sealed as they were. */
  @Column('jsonb')
  snapshot!: Record<string, unknown>;

  @Column('text')
  created_by!: string;

  @CreateDateColumn({ type: 'timestamptz' })
  created_at!: Date;
}
