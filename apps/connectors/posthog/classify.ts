// What PostHog's answers mean. A 200 may still say that the events were dropped, for the project's quota.
import {
  byStatus,
  classified,
  jsonOf,
  listAt,
  textAt,
  type Classification,
  type HttpResponse,
} from '@sluice/connector-kit';

/** A quota is full until it is raised, or its month ends; PostHog does not say when. */
const quotaWaitMs = 3_600_000;

export function classify(response: HttpResponse, nowMs: number): Classification {
  const body = jsonOf(response);
  if (listAt(body, 'quota_limited').includes('events')) {
    return classified('throttle', "PostHog drops events: the project's quota is full", nowMs + quotaWaitMs);
  }
  const reasons = ['type', 'code', 'detail'].flatMap((member) => textAt(body, member)?.slice(0, 200) ?? []);
  return byStatus(response, nowMs, [`PostHog answered ${response.status}`, ...reasons].join(': '));
}
