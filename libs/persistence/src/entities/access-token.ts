// The tokens of a connection that has some by OAuth, and an authorization that a person has still to give.
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('access_tokens')
export class AccessTokenEntity {
  @PrimaryColumn('uuid')
  connection_id!: string;

  @Column('uuid')
  workspace_id!: string;

  /** Access and refresh token; sealed by the vault, bound to `tokens <workspace> <connection>`. Null until there are some. */
  @Column('text', { nullable: true })
  sealed_tokens!: string | null;

  /** How many access tokens there have been. */
  @Column('int')
  version!: number;

  @Column('timestamptz', { nullable: true })
  obtained_at!: Date | null;

  @Column('timestamptz', { nullable: true })
  expires_at!: Date | null;

  /** Why no token is to be had any more; a person has to mend that. */
  @Column('text', { nullable: true })
  dead_reason!: string | null;
}

@Entity('oauth_states')
export class OAuthStateEntity {
  /** SHA-256 of the state; the state itself is with whoever authorizes. */
  @PrimaryColumn('text')
  state_hash!: string;

  @Column('uuid')
  connection_id!: string;

  @Column('uuid')
  workspace_id!: string;

  @Column('text')
  redirect_uri!: string;

  /** Of PKCE; sealed by the vault, bound to `oauth-state <workspace> <connection>`. */
  @Column('text')
  sealed_verifier!: string;

  @Column('text')
  created_by!: string;

  @Column('timestamptz')
  expires_at!: Date;
}
