// Control as a connector's service sees it: a server that hands out access tokens, sealed for the connection that asks.
import { createKeyring, newWorkspaceKey, sealIn, type Keyring } from '@sluice/vault';
import { randomBytes } from 'node:crypto';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Content {
  token: string;
  baseUrl: string | null;
  expiresAtMs: number | null;
  refreshAtMs: number | null;
}

export class Control {
  readonly keyring: Keyring = createKeyring({ current: 'k1', keys: { k1: randomBytes(32).toString('base64') } });
  readonly asked: { path: string | undefined; connection: string; stale?: string }[] = [];
  url = '';
  /** Of the tokens that are handed out. */
  lifetime: Pick<Content, 'expiresAtMs' | 'refreshAtMs'> = { expiresAtMs: null, refreshAtMs: null };
  private readonly workspace: string;
  private readonly server: Server;

  constructor(workspace: string) {
    this.workspace = workspace;
    this.server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        this.asked.push({ path: request.url, ...(JSON.parse(body) as { connection: string; stale?: string }) });
        this.answer(response);
      });
    });
  }

  /** What it does when it is asked; unless told otherwise it gives `token-1`, `token-2` and so on. */
  answer = (response: ServerResponse): void => {
    const { connection = '' } = this.asked.at(-1) ?? {};
    const content = { token: `token-${this.asked.length}`, baseUrl: null, ...this.lifetime };
    response.end(JSON.stringify({ sealed: this.sealed(`access-token ${this.workspace} ${connection}`, content) }));
  };

  sealed(bound: string, content: Content): string {
    return sealIn(this.keyring, newWorkspaceKey(this.keyring, bound.split(' ')[1] ?? ''), {
      bound,
      secret: JSON.stringify(content),
    });
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
