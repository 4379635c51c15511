// The default mapping of a connection, and every version it ever had.
import { Column, CreateDateColumn, Entity, PrimaryColumn, UpdateDateColumn } from 'typeorm';

@Entity('mappings')
export class MappingEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  workspace_id!: string;

  @Column('uuid')
  connection_id!: string;

  @Column('int')
  version!: number;

  @Column('text')
  name!: string;

  @Column('json')
  schema!: Record<string, unknown>;

  @Column('text')
  created_by!: string;

  @CreateDateColumn({ type: 'timestamptz' })
  created_at!: Date;

  @UpdateDateColumn({ type: 'timestamptz' })
  updated_at!: Date;
}

@Entity('mapping_versions')
export class MappingVersionEntity {
  @PrimaryColumn('uuid')
  mapping_id!: string;

  @PrimaryColumn('int')
  version!: number;

  @Column('text')
  name!: string;

  @Column('json')
  schema!: Record<string, unknown>;

  @Column('text')
  created_by!: string;

  @CreateDateColumn({ type: 'timestamptz' })
  created_at!: Date;
}
