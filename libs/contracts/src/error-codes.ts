// Every error code there is, what it means and what to do. docs/errors.md is generated from this table.

export interface ErrorCodeEntry {
  /** HTTP status where the code is an API answer; null for codes of poison records and dead letters. */
  status: number | null;
  meaning: string;
  remedy: string;
}

export const errorCodes = {
  // API answers
  body_not_json: entry(400, 'The body is not JSON in UTF-8.', 'Send valid JSON.'),
  json_too_deep: entry(400, 'The JSON is nested deeper than 64 levels.', 'Flatten it.'),
  json_too_many_keys: entry(400, 'The JSON has more than 10,000 keys.', 'Send less, or split it.'),
  json_forbidden_key: entry(400, 'A key is __proto__, constructor or prototype.', 'Rename the key.'),
  field_invalid: entry(400, 'One or more fields are wrong; `data` names each.', 'Mend the fields named.'),
  token_missing: entry(
    401,
    'No machine token and no publishable key came with the request.',
    'Send one of the two headers.',
  ),
  token_invalid: entry(
    401,
    'The token is malformed, not HS256, wrongly signed, or has a wrong iss, aud or org.',
    'Sign it anew with the machine key.',
  ),
  token_expired: entry(
    401,
    'The token has expired, or its clock is ahead.',
    'Make a new one for each call or each minute.',
  ),
  token_too_long: entry(401, 'The token lives longer than 60 s (exp - iat).', 'Use a shorter life.'),
  key_unknown: entry(401, 'No such access key.', 'Check the key and the installation it belongs to.'),
  key_revoked: entry(401, 'The access key was revoked or has expired.', 'Use its successor.'),
  not_found: entry(
    404,
    'Nothing of that id is visible to the caller.',
    'Check the id; ids of other organizations answer alike.',
  ),
  method_not_allowed: entry(405, 'The path exists, the method does not.', 'See the OpenAPI document.'),
  connection_in_use: entry(409, 'Rules still use the connection.', 'Delete them first, or send force_delete.'),
  version_stale: entry(409, '`expected_version` is not the present version.', 'Read it again, then change it.'),
  event_type_exists: entry(409, 'There is an event type of this name already.', 'Change that one.'),
  event_type_incompatible: entry(
    409,
    'The new schema would break who relies on the old one; `data` names where.',
    'Keep it compatible, or send `force`.',
  ),
  delivery_completed: entry(409, 'The delivery has been delivered; there is nothing to retry.', 'Nothing.'),
  authorization_required: entry(
    409,
    'Nobody has authorized the connection yet, or it was changed since.',
    'Authorize it: POST /connections/{id}/oauth/authorize.',
  ),
  credentials_dead: entry(
    409,
    'The vendor gives no more tokens for the connection; `data` says why.',
    'Authorize it again, or mend its credentials, and switch it on.',
  ),
  body_too_large: entry(413, 'The body is larger than 256 kB.', 'Send less, or a reference.'),
  media_type_unsupported: entry(
    415,
    'The content type is not application/json.',
    'Set Content-Type: application/json.',
  ),
  conditions_invalid: entry(
    422,
    "A rule's conditions are no sound event pattern; `data` names the place.",
    'Mend them.',
  ),
  mapping_invalid: entry(422, 'A mapping is not sound; `data` names the place.', 'Mend it.'),
  event_type_invalid: entry(422, "An event type's schema is not taken; `data` names the place.", 'Mend it.'),
  event_type_mismatch: entry(
    422,
    'The payload does not fit its registered event type; `data` names the fields.',
    "Send what the type's schema says.",
  ),
  question_unknown: entry(422, 'The connector cannot be asked that.', 'See GET /integrations.'),
  limit_reached: entry(422, 'There are as many of these as there may be.', 'Delete some, or see the limits.'),
  idempotency_key_reused: entry(
    422,
    'The Idempotency-Key was used with another body within 24 hours.',
    'Use a new key for a new event.',
  ),
  retry_too_early: entry(425, 'An attempt is due or under way already.', 'Wait for it.'),
  internal: entry(500, 'A mistake of ours.', 'Report it with the x-request-id of the answer.'),
  log_unavailable: entry(
    503,
    'Kafka did not confirm in time. The event may not be there; nothing was promised.',
    'Try again; with an Idempotency-Key that is harmless.',
  ),
  database_unavailable: entry(503, 'Postgres cannot be reached.', 'Try again; events are still accepted.'),
  control_unavailable: entry(503, 'The management API cannot be reached.', 'Try again; events are still accepted.'),

  question_failed: entry(503, 'The vendor could not be asked; `data` says why.', 'Try again, or test the connection.'),
  token_unavailable: entry(
    503,
    "The vendor's authorization server gave no token, and has not refused one.",
    'Try again; nothing was given up.',
  ),

  // Poison records (topic dead-letters.poison)
  record_empty: entry(null, 'The record has no value.', 'Mend the producer.'),
  record_not_avro: entry(
    null,
    "The record is not in Confluent's wire format.",
    'Produce with an Avro serializer and the registry.',
  ),
  record_undecodable: entry(null, 'The bytes do not fit the schema they name.', 'Mend the producer.'),
  record_too_large: entry(null, 'What would have to be appended exceeds 900 kB.', 'Send a smaller event.'),
  schema_unknown: entry(null, 'The registry has no schema of that id.', 'Produce against the same registry.'),
  schema_incompatible: entry(
    null,
    'The schema is not a version of what the topic holds.',
    "Use the topic's registered schema.",
  ),
  event_invalid: entry(
    null,
    'The event breaks a rule the API would have enforced; the message names the field.',
    'Mend the producer.',
  ),
  workspace_unknown: entry(null, 'No such workspace.', 'Check the id.'),
  handler_failed: entry(null, 'Handling the record failed: a mistake of ours.', 'Report it with the record.'),

  // Why a delivery was given up (`reason` of a dead letter)
  rejected: entry(null, 'The destination refused for good.', 'Mend what it complains of, then replay.'),
  attempts_exhausted: entry(
    null,
    "The last attempt of the connection's policy failed.",
    'Mend the destination, then replay.',
  ),
  connection_inactive: entry(null, 'The connection is switched off.', 'Switch it on, then replay.'),
  connection_deleted: entry(null, 'The connection no longer exists.', 'Nothing, unless it is made again.'),
  too_old: entry(
    null,
    "The delivery was tried for as long as the connection's policy says.",
    'Mend the destination, then replay.',
  ),
  not_retried: entry(
    null,
    "The connection's policy says not to try again after such a failure.",
    'Mend what it complains of, then replay.',
  ),
  maybe_delivered: entry(
    null,
    'The request went out and no answer came; the action may not be repeated unseen.',
    'Look whether the destination has it; if not, replay.',
  ),
} as const satisfies Record<string, ErrorCodeEntry>;

export type ErrorCode = keyof typeof errorCodes;

/** Why an attempt failed (`error.code` of an attempt); an answer's status is `http_<status>`. */
export const attemptErrorCodes = {
  connection_deleted: attemptEntry('The connection no longer exists.', 'Nothing, unless it is made again.'),
  connection_inactive: attemptEntry('The connection is switched off.', 'Switch it on, then replay.'),
  credentials_unreadable: attemptEntry(
    'The credentials do not open with the keys of this installation.',
    'Give the connector the vault keys that sealed them.',
  ),
  action_unknown: attemptEntry('The connector has no such action.', 'Mend the rule.'),
  metadata_invalid: attemptEntry("The connection's settings do not fit its connector.", 'Mend the connection.'),
  mapping_failed: attemptEntry(
    'The mapping made no payload of the event; the message names the field.',
    'Mend the mapping.',
  ),
  input_invalid: attemptEntry(
    'What the mapping made does not fit the action; the message names the field.',
    'Mend the mapping or the event.',
  ),
  request_not_built: attemptEntry('The payload cannot be expressed as a request.', 'Mend the mapping or the event.'),
  access_unavailable: attemptEntry(
    'No access token could be got: control or the vendor does not answer.',
    'Nothing: it is tried again.',
  ),
  credentials_dead: attemptEntry(
    'The destination takes the credentials no more; the connection was switched off.',
    'Authorize it again, or mend its credentials, and switch it on.',
  ),
  destination_gone: attemptEntry(
    'The destination says that it was withdrawn; the connection was switched off.',
    'Give the connection another destination, and switch it on.',
  ),
  maybe_delivered: attemptEntry(
    'The request went out and no answer came; the action may not be repeated unseen.',
    'Look whether the destination has it; if not, replay.',
  ),
  answer_not_classified: attemptEntry('Reading the answer failed: a mistake of ours.', 'Report it with the attempt.'),
  address_forbidden: attemptEntry(
    'The URL leads where this installation does not call: a private or special address, a port or a scheme.',
    "Mend the connection's URL, or have the operator add it to OUTBOUND_ALLOW.",
  ),
  dns_failed: attemptEntry('The host name could not be resolved.', 'Check the URL.'),
  connect_failed: attemptEntry('No connection could be made.', 'Check that the destination listens there.'),
  connection_lost: attemptEntry('The connection broke before the answer was complete.', 'Check the destination.'),
  tls_failed: attemptEntry('The TLS handshake failed, or the certificate is not valid.', 'Mend the certificate.'),
  timed_out: attemptEntry(
    'No complete answer came within the time of the policy.',
    'Speed it up, or raise timeout_ms.',
  ),
  answer_unreadable: attemptEntry('What came back is no HTTP, or too large a head.', 'Check the destination.'),
  url_unreadable: attemptEntry('The URL of the request is none.', 'Mend the connection.'),
} as const satisfies Record<string, Omit<ErrorCodeEntry, 'status'>>;

export type AttemptErrorCode = keyof typeof attemptErrorCodes;

function attemptEntry(meaning: string, remedy: string) {
  return { meaning, remedy };
}

function entry<S extends number | null>(status: S, meaning: string, remedy: string) {
  return { status, meaning, remedy };
}
