// Tokens in memory, as Postgres keeps them: what is kept survives, what fails changes nothing, and one changes them at a time.
import type { Holder, Held, TokenStore } from '../oauth/token-store.ts';

export class HeldTokens implements Pick<TokenStore, 'read' | 'whileAlone' | 'sealForConnector'> {
  held: Held;
  private readonly holder: Omit<Holder, 'held'>;
  private last: Promise<unknown> = Promise.resolve();

  constructor(holder: Holder) {
    this.holder = holder;
    this.held = holder.held;
  }

  read(): Promise<Holder> {
    return Promise.resolve({ ...this.holder, held: this.held });
  }

  whileAlone(_connection: string, work: (holder: Holder) => Promise<Held>): Promise<Held> {
    const turn = this.last.then(async () => (this.held = await work({ ...this.holder, held: this.held })));
    this.last = turn.catch(() => undefined);
    return turn;
  }

  /** Not sealed: who reads it is a test. */
  sealForConnector(_holder: Holder, content: object): Promise<string> {
    return Promise.resolve(JSON.stringify(content));
  }
}
