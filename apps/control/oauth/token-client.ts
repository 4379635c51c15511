// Asks a vendor's token endpoint for tokens. Whatever it does is a value; nothing of what was sent is repeated.
import type { OutboundClient } from '@sluice/outbound';
import type { Log } from '@sluice/telemetry';
import { tokenForm, tokenUrl, UnusableMetadata, type Proof } from './grants.ts';
import { readTokenAnswer, type TokenAnswer } from './token-answer.ts';
import type { Holder } from './token-store.ts';

const timeoutMs = 10_000;

export class TokenClient {
  private readonly http: Pick<OutboundClient, 'send'>;
  private readonly log: Pick<Log, 'info' | 'warn'>;

  constructor(http: Pick<OutboundClient, 'send'>, log: Pick<Log, 'info' | 'warn'>) {
    this.http = http;
    this.log = log;
  }

  async ask(holder: Holder, proof: Proof): Promise<TokenAnswer> {
    const answer = await this.answer(holder, proof);
    const { connection, workspace, authorization } = holder;
    const about = { connection, workspace, grant: authorization.grant };
    if (answer.kind === 'tokens') this.log.info({ event: 'token.obtained', ...about });
    else this.log.warn({ event: `token.${answer.kind}`, ...about, error: answer.error });
    return answer;
  }

  private async answer({ authorization, held }: Holder, proof: Proof): Promise<TokenAnswer> {
    try {
      const request = {
        method: 'POST' as const,
        url: tokenUrl(authorization).href,
        headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
        body: (await tokenForm(authorization, proof, Date.now())).toString(),
      };
      const exchange = await this.http.send(request, timeoutMs);
      if (exchange.kind === 'failure') return { kind: 'unavailable', error: exchange.code };
      return readTokenAnswer(exchange.response, { authorization, before: held.tokens, nowMs: Date.now() });
    } catch (error) {
      if (!(error instanceof UnusableMetadata)) throw error;
      return { kind: 'refused', reason: 'authentication_invalid', error: error.message };
    }
  }
}
