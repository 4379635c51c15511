// A real authorization server for tests, on a free port, with a connector that gets its tokens there; it counts and can be told what to answer.
import type { CatalogEntry, OAuthGrant } from '@sluice/contracts';
import type { JWK } from 'jose';
import { generateKeyPairSync } from 'node:crypto';
import { Events, OAuth2Server } from 'oauth2-mock-server';
import type { Metadata } from '../metadata.ts';

export interface TokenRequest {
  form: Record<string, string>;
  /** What it was answered. */
  body: Record<string, unknown>;
  status: number;
}

type Answer = Pick<TokenRequest, 'body' | 'status'>;

export class AuthorizationServer {
  /** What the token endpoint was asked, in order. */
  readonly asked: TokenRequest[] = [];
  private readonly server = new OAuth2Server();
  private script: ((answer: Answer) => void) | undefined;

  static async start(): Promise<AuthorizationServer> {
    const started = new AuthorizationServer();
    const { server } = started;
    // A key of its own making would be an object of Node's own realm, which is none to it in a test's.
    await server.issuer.keys.add(signingKey());
    server.service.on(Events.BeforeResponse, (response, request) => {
      const answer = response as unknown as { body: Record<string, unknown>; statusCode: number };
      // A vendor's refresh tokens are worth a secret, and each is another one.
      if ('refresh_token' in answer.body) answer.body.refresh_token = `refresh-${started.asked.length + 1}`;
      answer.body.access_token = `access-${started.asked.length + 1}`;
      const scripted = { body: answer.body, status: answer.statusCode };
      started.script?.(scripted);
      Object.assign(answer, { body: scripted.body, statusCode: scripted.status });
      started.asked.push({ form: { ...(request as { body?: object }).body }, ...scripted });
    });
    await server.start(0, '127.0.0.1');
    return started;
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  get url(): string {
    return `http://127.0.0.1:${this.server.address().port}`;
  }

  /** From now on; nothing: as it answers by itself. */
  answers(script?: (answer: Answer) => void): void {
    this.script = script;
  }

  /** A person agrees: what their browser is sent back with. */
  async agree(authorizeUrl: string): Promise<{ state: string; code: string; redirectUri: string }> {
    const response = await fetch(authorizeUrl, { redirect: 'manual' });
    const back = new URL(response.headers.get('location') ?? '', this.url);
    const [state, code] = ['state', 'code'].map((name) => back.searchParams.get(name) ?? '');
    return { state: state ?? '', code: code ?? '', redirectUri: back.origin + back.pathname };
  }

  /** A connector that gets its tokens here, by the value of `auth_scheme`. */
  connector(over: Partial<NonNullable<CatalogEntry['oauth']>> = {}): CatalogEntry {
    const schemes: Record<string, OAuthGrant> = {
      oauth: 'authorization_code',
      app: 'client_credentials',
      jwt: 'jwt_bearer',
    };
    return {
      slug: 'oauth-test',
      label: 'OAuth test',
      api_version: null,
      authentication: 'OAuth',
      metadata: { type: 'object', properties: secretMembers },
      oauth: {
        schemes,
        authorize_url: '{login_url}/authorize',
        token_url: '{login_url}/token',
        scopes: ['read', 'write'],
        scope_separator: ' ',
        pkce: true,
        lifetime_s: null,
        assertion: { issuer: '{client_id}', subject: '{username}', audience: '{login_url}' },
        ...over,
      },
      has_test: false,
      choices: [],
      has_record_fields: false,
      actions: {},
    };
  }

  metadata(scheme: string, over: Metadata = {}): Metadata {
    return {
      auth_scheme: scheme,
      login_url: this.url,
      client_id: 'client-1',
      client_secret: 'canary-client-secret',
      ...over,
    };
  }
}

function signingKey() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  return JSON.parse(JSON.stringify({ ...privateKey.export({ format: 'jwk' }), alg: 'RS256', kid: 'test' })) as JWK;
}

const secretMembers = {
  client_secret: { type: 'string', writeOnly: true },
  private_key: { type: 'string', writeOnly: true },
};
