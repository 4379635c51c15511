// Wires what gets tokens: the store, the client of the vendors' token endpoints, the authorizations under way.
import type { Provider } from '@nestjs/common';
import { OutboundClient, outboundPolicy } from '@sluice/outbound';
import { LOG } from '@sluice/service';
import type { Log } from '@sluice/telemetry';
import type { Config } from '../config.ts';
import { ConnectionChanges } from '../connection-changes.ts';
import { TOKEN_CLIENT } from '../tokens.ts';
import { AccessTokens } from './access-tokens.ts';
import { Authorizations } from './authorizations.ts';
import { TokenClient } from './token-client.ts';
import { TokenStore } from './token-store.ts';

export const oauthProviders = (config: Config): Provider[] => [
  {
    provide: TOKEN_CLIENT,
    inject: [LOG],
    useFactory: (log: Log) =>
      new TokenClient(new OutboundClient(outboundPolicy(config), { connectionsPerOrigin: 32 }), log),
  },
  {
    provide: AccessTokens,
    inject: [TokenStore, TOKEN_CLIENT, ConnectionChanges],
    useFactory: (store: TokenStore, endpoint: TokenClient, changes: ConnectionChanges) =>
      new AccessTokens({
        store,
        endpoint,
        inactivate: (connection, reason) => changes.inactivate(connection, { reason }),
        vendorsAtATime: Math.floor(config.POSTGRES_POOL / 2),
      }),
  },
  TokenStore,
  Authorizations,
];
