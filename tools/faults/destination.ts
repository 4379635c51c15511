// The receiver's process from outside: started, told how to behave, and read.
import { fork, type ChildProcess } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Behaviour } from './behaviour.ts';
import { receivedOf, type Received } from './received.ts';
import type { Order, Report } from './receiver.ts';

export class Destination {
  readonly port: number;
  readonly #child: ChildProcess;
  readonly #file: string;
  #flushes = 0;

  private constructor(child: ChildProcess, file: string, port: number) {
    this.#child = child;
    this.#file = file;
    this.port = port;
  }

  static async start(file: string): Promise<Destination> {
    const child = fork(new URL('receiver.ts', import.meta.url), [file], {
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    const { port } = await reported(child, (report) => report.report === 'listening' && report);
    return new Destination(child, file, port);
  }

  url(path: string, port = this.port): string {
    return `http://127.0.0.1:${port}${path}`;
  }

  /** From when this resolves, requests on the path are answered so. */
  async behave(path: string, behaviour: Behaviour): Promise<void> {
    this.#tell({ order: 'behave', path, behaviour });
    await this.count();
  }

  /** How many requests it has had. */
  async count(): Promise<number> {
    const id = ++this.#flushes;
    const flushed = reported(this.#child, (report) => report.report === 'flushed' && report.id === id && report);
    this.#tell({ order: 'flush', id });
    return (await flushed).requests;
  }

  /** The requests on some paths, in the order in which they came. */
  async requests(isWanted: (path: string) => boolean = () => true): Promise<Received[]> {
    await this.count();
    const found: Received[] = [];
    for await (const line of createInterface({ input: createReadStream(this.#file) })) {
      const received = receivedOf(line);
      if (isWanted(received.path)) found.push(received);
    }
    return found;
  }

  stop(): void {
    this.#child.disconnect();
  }

  #tell(order: Order): void {
    this.#child.send(order);
  }
}

function reported<T extends Report>(child: ChildProcess, is: (report: Report) => T | false): Promise<T> {
  return new Promise((resolve, reject) => {
    const ended = (): void => reject(new Error('the receiver ended'));
    const look = (report: Report): void => {
      const found = is(report);
      if (found === false) return;
      child.off('message', look).off('exit', ended);
      resolve(found);
    };
    child.on('message', look).once('exit', ended);
  });
}
