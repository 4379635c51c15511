// How the receiver behaves on a path, as data, and what that means for one request. Pure.

export type Behaviour =
  | { readonly kind: 'ok' }
  | { readonly kind: 'slow'; readonly afterMs: number }
  /** Takes the request and never answers. */
  | { readonly kind: 'black hole' }
  /** Answers so; with `times` only the first requests of each webhook-id, and 200 after. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly times?: number;
      readonly retryAfter?: Wait;
    }
  /** 200 for so long, then that status (503 where none is named) for so long, by the clock; with `retryAs` the rest of it as Retry-After. */
  | {
      readonly kind: 'flapping';
      readonly upMs: number;
      readonly downMs: number;
      readonly status?: number;
      readonly retryAs?: Wait['as'];
    };

/** A Retry-After, and how it is put. */
interface Wait {
  readonly seconds: number;
  readonly as: 'seconds' | 'date';
}

export interface Reply {
  /** Null: none ever. */
  readonly status: number | null;
  readonly afterMs: number;
  readonly retryAfter?: string;
  /** Until when it asked to be left alone; 0 where it did not. */
  readonly untilMs: number;
}

const plain = (status: number): Reply => ({ status, afterMs: 0, untilMs: 0 });

/** `count`: how many requests this webhook-id has made on the path, this one included. */
export function replyOf(behaviour: Behaviour, count: number, nowMs: number): Reply {
  switch (behaviour.kind) {
    case 'ok':
      return plain(200);
    case 'slow':
      return { ...plain(200), afterMs: behaviour.afterMs };
    case 'black hole':
      return { ...plain(0), status: null };
    case 'flapping': {
      const { upMs, downMs, status = 503, retryAs: as } = behaviour;
      const restMs = upMs + downMs - (nowMs % (upMs + downMs));
      if (restMs > downMs) return plain(200);
      return { ...plain(status), ...askedToWait(as && { seconds: restMs / 1_000, as }, nowMs) };
    }
    case 'status':
      if (count > (behaviour.times ?? Infinity)) return plain(200);
      return { ...plain(behaviour.status), ...askedToWait(behaviour.retryAfter, nowMs) };
  }
}

function askedToWait(asked: Wait | undefined, nowMs: number): Partial<Reply> {
  if (asked === undefined) return {};
  // Both have whole seconds: the next one, so that the wait is not shorter than asked.
  const seconds = Math.ceil(asked.seconds);
  if (asked.as === 'seconds') return { retryAfter: String(seconds), untilMs: nowMs + seconds * 1_000 };
  const untilMs = Math.ceil(nowMs / 1_000 + asked.seconds) * 1_000;
  return { retryAfter: new Date(untilMs).toUTCString(), untilMs };
}
