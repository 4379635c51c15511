// What a vendor answered when it was asked what there is to choose from.
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('live_choices')
export class LiveChoiceEntity {
  @PrimaryColumn('uuid')
  connection_id!: string;

  @PrimaryColumn('text')
  question!: string;

  /** The connection that was asked for; another version may be another account. */
  @Column('int')
  connection_version!: number;

  @Column('json')
  answer!: unknown;

  @Column('timestamptz')
  asked_at!: Date;
}
