// A schema registry for tests: the two calls the codec makes, in Confluent's API, over HTTP.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Registered {
  schema: string;
  schemaType?: string;
}

export class FakeRegistry {
  /** Every call, "GET /schemas/ids/7". */
  readonly calls: string[] = [];
  /** Answers every call with this status while it is set. */
  failsWith: number | undefined;
  private readonly schemas = new Map<number, Registered>();
  private readonly subjects = new Map<string, number>();
  private readonly server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '');
    this.calls.push(`${request.method} ${path}`);
    const answer =
      this.failsWith === undefined ? this.answer(path) : { error_code: this.failsWith * 100, message: 'failing' };
    const status = this.failsWith ?? ('error_code' in answer ? 404 : 200);
    request.resume();
    response
      .writeHead(status, { 'content-type': 'application/vnd.schemaregistry.v1+json' })
      .end(JSON.stringify(answer));
  });

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  /** Puts a schema in under an id, and under a subject where one is given. */
  put(id: number, schema: Registered, subject?: string): void {
    this.schemas.set(id, schema);
    if (subject !== undefined) this.subjects.set(subject, id);
  }

  private answer(path: string): object {
    const [, kind = '', name = '', last = ''] = path.split('/');
    const id = kind === 'subjects' ? this.subjects.get(name) : Number(last);
    const found = id === undefined ? undefined : this.schemas.get(id);
    return found ? { id, ...found } : { error_code: kind === 'subjects' ? 40_401 : 40_403, message: 'not found' };
  }
}
