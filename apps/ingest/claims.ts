// Runs an accept at most once per Idempotency-Key, over all replicas: the log decides which claim came first.
import { createHash } from 'node:crypto';
import { ApiError } from '@sluice/api';
import { newId, topics, type IdempotencyClaim } from '@sluice/contracts';
import { UnavailableError, type Append, type View } from '@sluice/kafka';
import { ClaimBook, type Claim } from './claim-book.ts';

/** Milliseconds: until a claim must have come back through the log, and until its owner must have appended its event. */
const waitsMs = { readBack: 3_000, otherOwner: 1_500 } as const;

export interface Stamp {
  id: string;
  createdAtMs: number;
}

export interface ClaimRequest {
  workspace: string;
  idempotencyKey: string;
  /** What was sent with the key, in a form that is equal when it means the same request. */
  body: string;
  nowMs: number;
}

type AppendClaim = (append: Append<IdempotencyClaim>) => Promise<void>;

export class Claims {
  private readonly book = new ClaimBook();
  private readonly appendClaim: AppendClaim;
  /** Accepts under way here, so that a thousand equal requests at once make one claim. */
  private readonly underWay = new Map<string, { bodyHash: string; accepted: Promise<Stamp> }>();
  /** Key -> who wants to know when its claim changes. */
  private readonly watchers = new Map<string, Set<() => void>>();

  constructor(appendClaim: AppendClaim) {
    this.appendClaim = appendClaim;
  }

  feed(): View {
    return {
      topic: topics.idempotencyClaims,
      apply: (key, value) => this.apply(key, value as IdempotencyClaim | null),
    };
  }

  /** Claims held in memory. */
  get size(): number {
    return this.book.size;
  }

  /** Whether somebody has claimed this key already: then what is sent with it has been checked. */
  isHeld({ workspace, idempotencyKey, nowMs }: Omit<ClaimRequest, 'body'>): boolean {
    return this.book.get(hash(`${workspace} ${idempotencyKey}`), nowMs) !== undefined;
  }

  /**
   * The stamp of the one event of this key: `append` is called when this request is the first, and not when another was.
   * Throws ApiError (422) when the key came with another body before.
   */
  async once(request: ClaimRequest, append: (stamp: Stamp) => Promise<void>): Promise<Stamp> {
    const key = hash(`${request.workspace} ${request.idempotencyKey}`);
    const bodyHash = hash(request.body);
    const running = this.underWay.get(key);
    if (running) {
      mustBeSameBody(running.bodyHash, bodyHash);
      return running.accepted;
    }
    const accepted = this.claimAndAppend(key, { bodyHash, nowMs: request.nowMs }, append);
    this.underWay.set(key, { bodyHash, accepted });
    try {
      return await accepted;
    } finally {
      this.underWay.delete(key);
    }
  }

  private async claimAndAppend(
    key: string,
    { bodyHash, nowMs }: { bodyHash: string; nowMs: number },
    append: (stamp: Stamp) => Promise<void>,
  ): Promise<Stamp> {
    const own: IdempotencyClaim = { key, body_hash: bodyHash, event_id: newId(), created_at: nowMs, appended: false };
    const held = this.book.get(key, nowMs) ?? (await this.claim(own));
    mustBeSameBody(held.body_hash, bodyHash);
    const isOwn = held.event_id === own.event_id;
    const stamp = { id: held.event_id, createdAtMs: held.created_at };
    if (held.appended || (!isOwn && (await this.becomesAppended(key, nowMs)))) return stamp;
    // The first to come, or in the place of a replica that claimed and died: the same event, by the same id.
    await append(stamp);
    this.markAppended({ ...own, event_id: held.event_id, created_at: held.created_at, appended: true });
    return stamp;
  }

  /** Nobody waits for the mark: should it be lost, a repeat appends the same event once more, by the same id. */
  private markAppended(claim: IdempotencyClaim): void {
    this.appendClaim({ key: claim.key, value: claim }).catch(() => undefined);
  }

  /** Appends a claim and waits until the log says whose claim came first. */
  private async claim(own: IdempotencyClaim): Promise<Claim> {
    const decided = this.watch(own.key, () => this.book.get(own.key, own.created_at), waitsMs.readBack);
    await this.appendClaim({ key: own.key, value: own });
    const held = await decided;
    if (!held) throw new UnavailableError('the claim of the Idempotency-Key was not read back in time');
    return held;
  }

  private async becomesAppended(key: string, nowMs: number): Promise<boolean> {
    const found = await this.watch(
      key,
      () => (this.book.get(key, nowMs)?.appended ? true : undefined),
      waitsMs.otherOwner,
    );
    return found === true;
  }

  /** Asks at every change of a key's claim until there is an answer, or the time is up (undefined). */
  private watch<T>(key: string, ask: () => T | undefined, limitMs: number): Promise<T | undefined> {
    const already = ask();
    if (already !== undefined) return Promise.resolve(already);
    return new Promise((resolve) => {
      const watchers = this.watchers.get(key) ?? new Set<() => void>();
      this.watchers.set(key, watchers);
      const end = (answer: T | undefined) => {
        clearTimeout(timer);
        watchers.delete(check);
        if (watchers.size === 0) this.watchers.delete(key);
        resolve(answer);
      };
      const check = () => {
        const answer = ask();
        if (answer !== undefined) end(answer);
      };
      const timer = setTimeout(() => end(undefined), limitMs);
      watchers.add(check);
    });
  }

  private apply(key: string, record: IdempotencyClaim | null): void {
    if (record === null) return;
    this.book.apply(record, Date.now());
    this.watchers.get(key)?.forEach((check) => check());
  }
}

function mustBeSameBody(held: string, sent: string): void {
  if (held === sent) return;
  throw new ApiError('idempotency_key_reused', {
    data: [{ param: 'idempotency-key', msg: 'was used with another body in the last 24 hours' }],
  });
}

const hash = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 22);
