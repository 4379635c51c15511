// What Slack's answers mean. The Web API says so in `error` of a 200, incoming webhooks in a word of plain text; the words agree.
import {
  at,
  byStatus,
  classified,
  delivered,
  jsonOf,
  retryAtOf,
  textAt,
  type AnswerClass,
  type Classification,
  type HttpResponse,
} from '@sluice/connector-kit';

const words = {
  permanent: [
    'action_prohibited',
    'cannot_reply_to_message',
    'channel_is_archived',
    'channel_not_found',
    'invalid_arg_name',
    'invalid_blocks',
    'invalid_blocks_format',
    'invalid_form_data',
    'invalid_payload',
    'invalid_post_type',
    'is_archived',
    'metadata_too_large',
    'missing_text_or_fallback_or_attachments',
    'msg_blocks_too_long',
    'no_text',
    'not_in_channel',
    'posting_to_general_channel_denied',
    'team_not_found',
    'too_many_attachments',
    'user_not_found',
  ],
  auth_dead: [
    'access_denied',
    'accesslimited',
    'account_inactive',
    'ekm_access_denied',
    'invalid_auth',
    'invalid_token',
    'missing_scope',
    'no_permission',
    'not_allowed_token_type',
    'not_authed',
    'org_login_required',
    'token_revoked',
    'two_factor_setup_required',
  ],
  auth_expired: ['token_expired'],
  throttle: ['message_limit_exceeded', 'rate_limited', 'ratelimited'],
  retry: ['request_timeout', 'rollup_error', 'service_unavailable', 'team_added_to_org'],
  // Slack: "may have partly succeeded".
  unknown: ['fatal_error', 'internal_error'],
  gone: ['no_active_hooks', 'no_service', 'no_service_id', 'no_team', 'team_disabled'],
} satisfies Partial<Record<AnswerClass, string[]>>;

const classes: ReadonlyMap<string, AnswerClass> = new Map(
  Object.entries(words).flatMap(([answerClass, of]) => of.map((word) => [word, answerClass as AnswerClass] as const)),
);

export function classify(response: HttpResponse, nowMs: number): Classification {
  const word = wordOf(response);
  const isSuccess = response.status >= 200 && response.status < 300;
  if (isSuccess && (word === 'ok' || at(jsonOf(response), 'ok') === true)) return delivered;
  // A proxy's page, say: the message may have been posted.
  if (word === undefined)
    return isSuccess ? classified('unknown', 'Slack answered nothing that it says') : byStatus(response, nowMs);
  const meaning = classes.get(word) ?? (isSuccess ? 'permanent' : undefined);
  if (meaning === undefined) return byStatus(response, nowMs);
  const retryAtMs = meaning === 'throttle' ? (retryAtOf(response, nowMs) ?? nowMs + waitMs(word)) : undefined;
  return classified(meaning, `Slack answered ${word}${detailOf(response)}`, retryAtMs);
}

/** The answer's own word for what is the matter; undefined where it has none. */
export function wordOf(response: HttpResponse): string | undefined {
  return textAt(jsonOf(response), 'error') ?? /^\s*([a-z_]{1,60})\s*$/.exec(response.body)?.[1];
}

/** Where Slack names no time: the workspace's limit on messages is one for hours, all others are for a second. */
const waitMs = (word: string): number => (word === 'message_limit_exceeded' ? 3_600_000 : 1_000);

function detailOf(response: HttpResponse): string {
  const body = jsonOf(response);
  const needed = textAt(body, 'needed');
  const detail = needed === undefined ? textAt(body, 'response_metadata', 'messages', 0) : `needs the scope ${needed}`;
  return detail === undefined ? '' : `: ${detail.slice(0, 200)}`;
}
