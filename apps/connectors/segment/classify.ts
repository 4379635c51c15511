// What the answers of Segment, and of those that speak its API, mean. Segment itself says 200 to almost everything, bad keys included.
import {
  at,
  byStatus,
  classified,
  jsonOf,
  retryAtOf,
  textAt,
  type Classification,
  type HttpResponse,
} from '@sluice/connector-kit';

export function classify(response: HttpResponse, nowMs: number): Classification {
  const { status } = response;
  const body = jsonOf(response);
  const message = `the destination answered ${status}: ${textAt(body, 'message')?.slice(0, 200) ?? 'without a reason'}`;
  const classification = byStatus(response, nowMs, message);
  if (classification.class === 'delivered') {
    return at(body, 'success') === false ? classified('permanent', message) : classification;
  }
  const retryAtMs = classification.class === 'throttle' ? throttledUntil(response, nowMs) : classification.retryAtMs;
  return { ...classification, retryAtMs };
}

/** X-RateLimit-Reset is seconds from now, or since 1970 with some that speak this API. */
function throttledUntil(response: HttpResponse, nowMs: number): number | undefined {
  const reset = response.headers['x-ratelimit-reset'] ?? '';
  const resetMs = /^\d{1,10}$/.test(reset) ? Number(reset) * 1_000 : undefined;
  return retryAtOf(response, nowMs) ?? (resetMs === undefined || resetMs > 1e12 ? resetMs : nowMs + resetMs);
}
