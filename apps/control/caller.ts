// Who calls the management API: a machine token, checked against the keys in Postgres.
import {
  createParamDecorator,
  Inject,
  Injectable,
  SetMetadata,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { ApiError, verifyMachineToken, type MachineCaller, type MachineKey } from '@sluice/api';
import { AccessKeyEntity } from '@sluice/persistence';
import { open, type Keyring } from '@sluice/vault';
import type { FastifyRequest } from 'fastify';
import type { DataSource } from 'typeorm';
import { DATABASE, KEYRING } from './tokens.ts';

const OPEN = 'open to everybody';

/** The call needs no token. */
export const OpenToEverybody = (): MethodDecorator => SetMetadata(OPEN, true);

/** The caller, as the guard found it. */
export const CallerOf = createParamDecorator(
  (_data: unknown, context: ExecutionContext) =>
    (context.switchToHttp().getRequest<FastifyRequest>() as { caller?: MachineCaller }).caller,
);

@Injectable()
export class MachineTokenGuard implements CanActivate {
  private readonly database: DataSource;
  private readonly keyring: Keyring;

  constructor(@Inject(DATABASE) database: DataSource, @Inject(KEYRING) keyring: Keyring) {
    this.database = database;
    this.keyring = keyring;
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const handler = context.getHandler();
    const request = context.switchToHttp().getRequest<FastifyRequest & { caller?: MachineCaller }>();
    const isHealth = request.url.startsWith('/health/');
    if (isHealth || Reflect.getMetadata(OPEN, handler) === true) return true;
    request.caller = await this.caller(request.headers.authorization);
    return true;
  }

  private async caller(authorization: string | undefined): Promise<MachineCaller> {
    const [, token] = /^Bearer ([^\s]+)$/i.exec(authorization ?? '') ?? [];
    if (!token)
      throw new ApiError('token_missing', {
        data: [{ param: 'authorization', msg: 'must be "Bearer <machine token>"' }],
      });
    return verifyMachineToken(token, (id) => this.key(id), Date.now());
  }

  private async key(id: string): Promise<MachineKey | undefined> {
    const key = await this.database.getRepository(AccessKeyEntity).findOneBy({ id, kind: 'machine' });
    if (!key?.sealed_secret) return undefined;
    return {
      id: key.id,
      organizationId: key.organization_id,
      secret: open(this.keyring, `access-key ${key.id}`, key.sealed_secret),
      expiresAtMs: key.expires_at?.getTime() ?? null,
      revokedAtMs: key.revoked_at?.getTime() ?? null,
    };
  }
}
