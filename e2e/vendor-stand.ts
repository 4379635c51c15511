// A vendor of the outside world: it speaks its contract (Prism judges each request and makes the answers), remembers everything it is
// asked, and answers out of turn as a story tells it.
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { startVendor, type Vendor } from '@sluice/tools/conformance/vendor.ts';
import { repository } from '@sluice/tools/local/places.ts';
import { until, type UntilOptions } from './until.ts';

export interface VendorRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** What the contract has against it. */
  readonly problem: string | undefined;
}

export interface VendorAnswer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

interface Scripted {
  readonly path: RegExp;
  /** `reset`: the socket breaks after the request was read. */
  readonly answer: VendorAnswer | 'reset';
}

export class VendorStand {
  readonly #vendor: Vendor;
  readonly #server: Server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const { method = '', url: path = '', headers } = incoming;
      void this.#take({ method, path, headers, body: Buffer.concat(chunks).toString('utf8') }, response);
    });
  });
  readonly #requests: VendorRequest[] = [];
  readonly #always = new Map<RegExp, VendorAnswer>();
  readonly #refused: { path: RegExp; authorization: string; answer: VendorAnswer }[] = [];
  #scripted: Scripted[] = [];
  #url = '';

  private constructor(vendor: Vendor) {
    this.#vendor = vendor;
  }

  static async start(connector: string): Promise<VendorStand> {
    const stand = new VendorStand(await startVendor(join(repository, 'apps/connectors', connector, 'contract.yaml')));
    await new Promise<void>((resolve) => stand.#server.listen(0, '127.0.0.1', resolve));
    stand.#url = `http://127.0.0.1:${(stand.#server.address() as AddressInfo).port}`;
    return stand;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    await this.#vendor.close();
  }

  get url(): string {
    return this.#url;
  }

  /** The next requests to such paths are answered so, one after the other; then the contract answers again. */
  next(path: RegExp, ...answers: (VendorAnswer | 'reset')[]): void {
    this.#scripted.push(...answers.map((answer) => ({ path, answer })));
  }

  /** Every request to such a path is answered so from now on. */
  always(path: RegExp, answer: VendorAnswer): void {
    this.#always.set(path, answer);
  }

  /** Requests to such paths that carry this authorization are answered so from now on. */
  refuses(path: RegExp, authorization: string, answer: VendorAnswer): void {
    this.#refused.push({ path, authorization, answer });
  }

  requests(path = /^/): readonly VendorRequest[] {
    return this.#requests.filter((request) => path.test(request.path));
  }

  /** Waits until it has had this many requests to such paths. */
  received(count: number, path = /^/, options?: UntilOptions): Promise<readonly VendorRequest[]> {
    return until(
      `the vendor had ${count} requests to ${String(path)}`,
      () => this.requests(path).length >= count && this.requests(path),
      options,
    );
  }

  /** What the contract has against any request so far. */
  get problems(): string[] {
    return this.#requests.flatMap(({ method, path, problem }) => (problem ? [`${method} ${path}: ${problem}`] : []));
  }

  async #take(request: Omit<VendorRequest, 'problem'>, response: ServerResponse): Promise<void> {
    const judged = await this.#judged(request);
    this.#requests.push({ ...request, problem: judged.problem });
    const at = this.#scripted.findIndex(({ path }) => path.test(request.path));
    const [scripted] = at < 0 ? [] : this.#scripted.splice(at, 1);
    const always = [...this.#always].find(([path]) => path.test(request.path))?.[1];
    const refused = this.#refused.find(
      ({ path, authorization }) => path.test(request.path) && request.headers.authorization === authorization,
    );
    const answer = scripted?.answer ?? refused?.answer ?? always ?? judged.answer;
    if (answer === 'reset') return void response.destroy();
    const body =
      answer.body === undefined || typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers }).end(body);
  }

  async #judged({ method, path, headers, body }: Omit<VendorRequest, 'problem'>): Promise<Judged> {
    const given = Object.entries(headers).flatMap(([name, value]) =>
      typeof value === 'string' && !hopByHop.has(name) ? [[name, value] as const] : [],
    );
    const url = `http://vendor${path}`;
    const exchange = await this.#vendor.send({
      method: method as 'POST',
      url,
      headers: Object.fromEntries(given),
      body,
    });
    if (exchange.kind === 'failure') return { problem: exchange.message, answer: { status: 500 } };
    const { status, body: text } = exchange.response;
    const isValid = status >= 200 && status < 300;
    return { problem: isValid ? undefined : `${status} ${text.slice(0, 300)}`, answer: { status, body: text } };
  }
}

interface Judged {
  problem: string | undefined;
  answer: VendorAnswer;
}

const hopByHop = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'keep-alive']);
