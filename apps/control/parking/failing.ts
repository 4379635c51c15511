// Connections whose destinations only fail: warned of once a day, switched off after five.
import { Inject, Injectable } from '@nestjs/common';
import { FailingConnections, type FailingConnection } from '@sluice/persistence';
import { LOG } from '@sluice/service';
import type { Log } from '@sluice/telemetry';
import type { QueryRunner } from 'typeorm';
import { ConnectionChanges } from '../connection-changes.ts';
import { Breakers } from './breakers.ts';

const hourMs = 3_600_000;
const failingLimits = { warnAfterMs: 24 * hourMs, warnEveryMs: 24 * hourMs, switchOffAfterMs: 120 * hourMs } as const;
const lookEveryMs = 60_000;

@Injectable()
export class Failing {
  private readonly breakers: Pick<Breakers, 'failing' | 'wellAtMs'>;
  private readonly changes: Pick<ConnectionChanges, 'inactivate'>;
  private readonly log: Pick<Log, 'warn'>;
  private lookedAtMs = 0;

  constructor(
    @Inject(Breakers) breakers: Pick<Breakers, 'failing' | 'wellAtMs'>,
    @Inject(ConnectionChanges) changes: Pick<ConnectionChanges, 'inactivate'>,
    @Inject(LOG) log: Pick<Log, 'warn'>,
  ) {
    this.breakers = breakers;
    this.changes = changes;
    this.log = log;
  }

  /** May be called at any time; looks once a minute. */
  async look(runner: QueryRunner): Promise<void> {
    const nowMs = Date.now();
    if (nowMs < this.lookedAtMs + lookEveryMs) return;
    this.lookedAtMs = nowMs;
    const rows = new FailingConnections(runner);
    const failing = await rows.look(this.breakers.failing, this.breakers.wellAtMs);
    const due = (what: ReturnType<typeof dueOf>) => failing.filter((each) => dueOf(each, nowMs) === what);
    const warned = due('warning');
    for (const { connection_id: connection, workspace_id: workspace, since } of warned)
      this.log.warn({ event: 'connection.failing', connection, workspace, since }, 'it will be switched off');
    await rows.warned(warned.map(({ connection_id }) => connection_id));
    for (const { connection_id } of due('switching off'))
      await this.changes.inactivate(connection_id, { reason: 'failing' });
  }
}

/** What has to be done about one that is failing since some time. */
export function dueOf(
  { since, warned_at }: Pick<FailingConnection, 'since' | 'warned_at'>,
  nowMs: number,
): 'nothing' | 'warning' | 'switching off' {
  const failingMs = nowMs - since.getTime();
  if (failingMs >= failingLimits.switchOffAfterMs) return 'switching off';
  const isWarned = warned_at !== null && nowMs < warned_at.getTime() + failingLimits.warnEveryMs;
  return failingMs >= failingLimits.warnAfterMs && !isWarned ? 'warning' : 'nothing';
}
