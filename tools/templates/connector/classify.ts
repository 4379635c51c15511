// What Acme's answers mean: by their status, and in Acme's own words where it has some.
import { byStatus, jsonOf, textAt, type Classification, type HttpResponse } from '@sluice/connector-kit';

export function classify(response: HttpResponse, nowMs: number): Classification {
  const reason = textAt(jsonOf(response), 'message')?.slice(0, 200) ?? 'without a reason';
  return byStatus(response, nowMs, `Acme answered ${response.status}: ${reason}`);
}
