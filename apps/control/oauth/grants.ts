// How a connection comes to tokens: where a person agrees, and what the token endpoint is sent. Pure but for the signing of assertions.
import { createHash, createPrivateKey } from 'node:crypto';
import type { CatalogEntry, CatalogOAuth, OAuthGrant } from '@sluice/contracts';
import { SignJWT } from 'jose';
import type { Metadata } from '../metadata.ts';

/** How one connection comes to tokens. */
export interface Authorization {
  oauth: CatalogOAuth;
  grant: OAuthGrant;
  /** Settings and credentials together. The client is `client_id` and `client_secret`; assertions are signed with `private_key`. */
  metadata: Metadata;
}

/** What is shown to the token endpoint. `own`: what the metadata holds. */
export type Proof =
  | { kind: 'own' }
  | { kind: 'code'; code: string; redirectUri: string; verifier: string }
  | { kind: 'refresh'; refreshToken: string };

/** Metadata that no token can be got with, whoever is asked. Says nothing of its values. */
export class UnusableMetadata extends Error {}

const assertionLifeSeconds = 180;

/** Undefined where the connection's `auth_scheme` has no tokens. */
export function authorizationOf({ oauth }: CatalogEntry, metadata: Metadata): Authorization | undefined {
  const scheme = metadata.auth_scheme;
  if (!oauth || typeof scheme !== 'string' || !Object.hasOwn(oauth.schemes, scheme)) return undefined;
  const grant = oauth.schemes[scheme];
  return grant && { oauth, grant, metadata };
}

/** Where a person agrees. */
export function authorizeUrl(
  { oauth, metadata }: Authorization,
  { redirectUri, state, verifier }: { redirectUri: string; state: string; verifier: string },
): string {
  const url = urlOf(oauth.authorize_url, metadata);
  url.searchParams.set('response_type', 'code');
  url.searchParams.set('client_id', text(metadata, 'client_id'));
  url.searchParams.set('redirect_uri', redirectUri);
  url.searchParams.set('state', state);
  if (oauth.scopes.length > 0) url.searchParams.set('scope', scopeOf(oauth));
  if (oauth.pkce) {
    url.searchParams.set('code_challenge', createHash('sha256').update(verifier).digest('base64url'));
    url.searchParams.set('code_challenge_method', 'S256');
  }
  return url.href;
}

export const tokenUrl = ({ oauth, metadata }: Authorization): URL => urlOf(oauth.token_url, metadata);

/** The form that the token endpoint is sent. Throws UnusableMetadata. */
export async function tokenForm(authorization: Authorization, proof: Proof, nowMs: number): Promise<URLSearchParams> {
  const { oauth, grant, metadata } = authorization;
  if (grant === 'jwt_bearer') {
    const assertion = await signedAssertion(authorization, nowMs);
    return new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion });
  }
  const client = { client_id: text(metadata, 'client_id'), client_secret: text(metadata, 'client_secret') };
  switch (proof.kind) {
    case 'own': {
      const scope = oauth.scopes.length > 0 ? { scope: scopeOf(oauth) } : undefined;
      return new URLSearchParams({ grant_type: 'client_credentials', ...client, ...scope });
    }
    case 'code': {
      const verifier = oauth.pkce ? { code_verifier: proof.verifier } : undefined;
      const code = { code: proof.code, redirect_uri: proof.redirectUri };
      return new URLSearchParams({ grant_type: 'authorization_code', ...client, ...code, ...verifier });
    }
    case 'refresh':
      return new URLSearchParams({ grant_type: 'refresh_token', ...client, refresh_token: proof.refreshToken });
  }
}

/** Whether tokens got one way are still good when the connection is to get them another way. */
export function tokensOutlive(before: Authorization | undefined, after: Authorization | undefined): boolean {
  if (before?.grant !== 'authorization_code' || after?.grant !== 'authorization_code') return false;
  return clientOf(before) === clientOf(after);
}

/** Who asks for tokens, and where: the members that say so, as text. */
function clientOf({ oauth, metadata }: Authorization): string {
  const members = [...oauth.token_url.matchAll(/\{(\w+)\}/g)].map(([, member = '']) => metadata[member]);
  return JSON.stringify([metadata.client_id, ...members]);
}

async function signedAssertion({ oauth: { assertion }, metadata }: Authorization, nowMs: number): Promise<string> {
  if (!assertion) throw new Error('the connector declares no assertion');
  const nowSeconds = Math.floor(nowMs / 1_000);
  const pem = text(metadata, 'private_key');
  try {
    return await new SignJWT()
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
      .setIssuer(filled(assertion.issuer, metadata))
      .setSubject(filled(assertion.subject, metadata))
      .setAudience(filled(assertion.audience, metadata))
      .setIssuedAt(nowSeconds)
      .setExpirationTime(nowSeconds + assertionLifeSeconds)
      .sign(createPrivateKey(pem));
  } catch {
    // What the library says may quote the key.
    throw new UnusableMetadata('private_key is no RSA key in PEM of at least 2,048 bits');
  }
}

const scopeOf = ({ scopes, scope_separator }: CatalogOAuth): string => scopes.join(scope_separator);

function urlOf(template: string, metadata: Metadata): URL {
  const href = filled(template, metadata);
  const url = URL.canParse(href) ? new URL(href) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw new UnusableMetadata('the settings make no http or https URL of the authorization server');
  }
  return url;
}

const filled = (template: string, metadata: Metadata): string =>
  template.replaceAll(/\{(\w+)\}/g, (_whole, member: string) => text(metadata, member));

function text(metadata: Metadata, member: string): string {
  const value = Object.hasOwn(metadata, member) ? metadata[member] : undefined;
  if (typeof value !== 'string' || value === '') throw new UnusableMetadata(`${member} is missing`);
  return value;
}
