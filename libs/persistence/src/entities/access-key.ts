// Keys: machine keys of an organization, publishable keys of a workspace.
import type { AccessKeyKind } from '@sluice/contracts';
import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

@Entity('access_keys')
export class AccessKeyEntity {
  @PrimaryColumn('text')
  id!: string;

  @Column('text')
  kind!: AccessKeyKind;

  @Column('uuid')
  organization_id!: string;

  @Column('uuid', { nullable: true })
  workspace_id!: string | null;

  @Column('text')
  name!: string;

  /** Of a machine key; sealed by the vault, bound to `access-key <id>`. */
  @Column('text', { nullable: true })
  sealed_secret!: string | null;

  @Column('timestamptz', { nullable: true })
  expires_at!: Date | null;

  @Column('timestamptz', { nullable: true })
  revoked_at!: Date | null;

  @CreateDateColumn({ type: 'timestamptz' })
  created_at!: Date;
}
