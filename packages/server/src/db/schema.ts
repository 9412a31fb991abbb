import type { Generated } from 'kysely'
import type { LedgerSchema } from './ledger-schema.ts'

/**
 * The tables. The same SQL runs on SQLite and PostgreSQL, so: moments are milliseconds since the Unix epoch,
 * booleans are 0 or 1, JSON is text. What is secret stands sealed; what is only looked up stands hashed.
 */
export interface Schema extends LedgerSchema {
  settings: { key: string; value: string }
  /** One row, with a value that each transaction changes which writes to `REMEMBERED_TABLES` (memory.ts). */
  memory_version: { id: number; version: string }
  /** One row, written by whoever looks whether the database takes writes. */
  readiness: { id: number; written_at: number }
  /** To which trace an attempt belongs, where traces are kept; W3C Trace Context. */
  attempt_traces: { attempt_id: string; traceparent: string; at: number }
  operators: {
    id: string
    name: string
    /** Unique. */
    name_key: string
    /** Empty while the operator has yet to set one by a link. */
    password_hash: string
    created_at: number
    /** `administrator`: there are no others yet. */
    role: Generated<string>
    last_sign_in_at: number | null
  }
  operator_sessions: { id_hash: string; operator_id: string; expires_at: number }
  /** One-time links, at most one for each operator. */
  operator_links: { operator_id: string; hash: string; expires_at: number }
  /** Passwords that operators' names were tried with. */
  operator_failures: {
    id: string
    name_hash: string
    /** The address that it came from, or the browser where `known` is 1. */
    from_hash: string
    known: number
    at: number
  }
  users: {
    id: string
    /** Unique; without regard to case while the username policy ignores it. */
    username: string | null
    primary_email: string | null
    /** The e-mail address in lower case: what is unique. */
    email_key: string | null
    primary_phone: string | null
    name: string | null
    avatar: string | null
    custom_data: string
    profile: string
    password_hash: string | null
    /** The algorithm of an imported hash; null for the server's own. */
    password_algorithm: string | null
    password_changed_at: number | null
    /** Marked as expired by an operator. */
    password_expired: number
    /** Counts how often all sessions of the user were ended: those that began before are worth nothing. */
    session_epoch: Generated<number>
    /** The `session_epoch` that began when all grants were ended last, and when all tokens were. */
    grant_epoch: Generated<number>
    token_epoch: Generated<number>
    /** `uid_hash` of the session and `id_hash` of the grant that outlived the last time. */
    kept_session: Generated<string | null>
    kept_grant: Generated<string | null>
    application_id: string | null
    is_suspended: number
    last_sign_in_at: number | null
    created_at: number
    updated_at: number
  }
  applications: {
    id: string
    name: string
    description: string | null
    type: string
    oidc_client_metadata: string
    custom_client_metadata: string
    custom_data: string
    is_third_party: number
    /** Has the role that opens the Management API. */
    is_admin: number
    /** Was given that right as a role, which the Management API shows and takes away. */
    has_management_role: number
    created_at: number
  }
  application_secrets: {
    application_id: string
    name: string
    /** Sealed. */
    value: string
    created_at: number
    expires_at: number | null
  }
  /** How messages are moved to a connection step by step. */
  moves: {
    connection_id: string
    /** See `MoveState`. */
    state: string
    /** Percent; 0 behind all others. */
    share: number
    /** When it got this share. */
    since: number
    /** How often it has fallen back by itself. */
    falls: number
    /** The part of the codes that was to be used when the step before ended. */
    expected: number | null
    /** A JSON list of steps, the last first. */
    history: string
    began_at: number
    /** Counts the writes. */
    version: number
    /** A node looks after it until then. */
    claimed_until: number
  }
  connections: {
    id: string
    connector: string
    channel: string
    /** Sealed. */
    config: string
    metadata: string
    /** 1: messages of its channel may go over it. */
    enabled: number
    /** What operators call it. */
    name: string | null
    /** Messages go over the lowest first. */
    position: Generated<number>
    /** A JSON list; null for everywhere. */
    destinations: string | null
    /** A JSON list of rates that an operator wrote; null for those of the connector. */
    prices: string | null
    /** A JSON list of ids; null for all. */
    applications: string | null
    /** Percent. */
    share: Generated<number>
    /** 1: its provider is to be told whether codes were used. */
    feedback: Generated<number>
    /** How many messages its provider takes for one number, as JSON; null for what its connector says. */
    windows: string | null
    created_at: number
    updated_at: number
  }
  /** The connections that rest or did, or that an operator holds back. */
  connection_health: {
    connection_id: string
    /** Says with which settings: others begin anew. */
    settings: string
    /** `healthy`, `resting`, `held`. */
    state: string
    /** Why it rests. */
    reason: string | null
    since: number
    /** When one message tries it, although others can carry it. */
    retry_at: number | null
    /** When one tried it last. */
    tried_at: number | null
    /** How many did since it rests. */
    tries: Generated<number>
    failure: string | null
    provider_code: string | null
  }
  codes: {
    id: string
    /** Keyed hash of what the code is for: recipient, usage type, interaction. */
    binding: string
    /** Keyed hash of the code and its binding. */
    hash: string
    /** The number of the code's digits, which is public; null for codes of older versions. */
    digits: number | null
    tries: number
    created_at: number
    consumed_at: number | null
    /** Keyed hash of the code that another message of the same request carries; either of them opens, once. */
    second_hash: string | null
    /** Which of the two was used, 1 or 2; an older version, which knows only the first, leaves it out. */
    used: number | null
  }
  /** The budgets whose soft or hard amount was reached in a period, each once. */
  budgets_reached: {
    /** Of the budget and its period, as money is counted under. */
    key: string
    level: string
    at: number
    /** When the period ends. */
    until: number
  }
  /** What is limited, a row for each key and window. */
  counters: {
    key: string
    most: number
    /** Milliseconds. */
    lasts: number
    gap: number
    /** How many are counted in the window that ends at `until`; of a rolling one, since ever. */
    used: number
    until: number
    /** Of a rolling window the moments that it counts, each as a comma and thirteen digits; else empty. */
    moments: string
    /** Whether the last that asked was counted. */
    granted: number
  }
  identifier_failures: {
    id: string
    identifier_key: string
    at: number
    lane: 'password' | 'code' | 'device' | 'trying'
    address: string
    visit: string
    device: string
    message: string
  }
  identifier_blocks: {
    identifier_key: string
    mark: string
    until: number
    /** The identifier as operators see it; empty where an older version blocked it. */
    shown: string
    blocked_by: string
    began_at: number
  }
  /** What messages that are forgotten came to and cost, by the hour; an empty text stands for none. */
  kept_costs: {
    /** The moment at which it begins. */
    hour: number
    country: string
    connection_id: string
    application_id: string
    currency: string
    sent: number
    delivered: number
    undelivered: number
    verified: number
    unpriced: number
    /** Millionths of the currency. */
    amount: number
    estimated: number
  }
  /** How many people were sent codes in an hour and used one, by what their messages have in common. */
  fraud_hours: {
    /** E.g. `sms/prefix/861380013`; `sms/all/` is the whole channel. */
    subject: string
    /** The moment at which it begins. */
    hour: number
    people: number
    used: number
    /** 1: there was a finding, so that it is no history to go by. */
    found: number
  }
  /** What the fraud guard found. Those without an end hold, or are allowed. */
  fraud_findings: {
    id: string
    subject: string
    /** `hour` or `day`. */
    in_window: string
    people: number
    used: number
    expected: number
    /** `own`, `channel` or `assumed`. */
    basis: string
    before_people: number
    before_used: number
    began_at: number
    seen_at: number
    ended_at: number | null
    end_reason: string | null
    allowed_until: number | null
    allowed_by: string | null
  }
  interactions: {
    uid: string
    /** Sealed. */
    state: string
    version: number
    expires_at: number
  }
  oidc_payloads: {
    kind: string
    /** Keyed hash of the id, which for tokens is the token itself. */
    id_hash: string
    /** Sealed. */
    payload: string
    grant_id: string | null
    uid_hash: string | null
    account_id: string | null
    client_id: string | null
    expires_at: number | null
    consumed_at: Generated<number | null>
    /** The user's `session_epoch` when this was last known to be good, or what it was issued for. */
    epoch: Generated<number>
  }
  resources: {
    id: string
    name: string
    indicator: string
    /** Seconds. */
    access_token_ttl: number
    is_default: number
    created_at: number
  }
  resource_scopes: {
    id: string
    resource_id: string
    name: string
    description: string | null
    created_at: number
  }
  custom_phrases: { language_tag: string; id: string; translation: string }
  email_templates: {
    id: string
    language_tag: string
    template_type: string
    details: string
    created_at: number
  }
  audit_logs: {
    id: string
    key: string
    /** Without codes and secrets, its recipients masked. */
    payload: string
    user_id: string | null
    application_id: string | null
    /** 1: what the payload says under `result` is `Error`. */
    failed: 0 | 1
    /** The operator who did it, if one did. */
    operator_id: string | null
    /** The operator to whom it was done, if it was one. */
    operator_concerned_id: string | null
    created_at: number
  }
  /** Proofs of a user's identity and of new identifiers, for ten minutes each. */
  account_verifications: {
    id: string
    user_id: string
    /** `password`, `email` or `phone`. */
    kind: string
    /** The usage type of the template that the code went out with; null for a password. */
    usage_type: string | null
    /** Sealed: where the code went; null for a password. */
    recipient: string | null
    verified: number
    expires_at: number
  }
  /** On which days (of the server's time zone) a user got tokens. */
  active_days: { day: string; user_id: string }
  /** In which state objects were imported from another installation: keyed hashes. */
  imports: { kind: string; id: string; fingerprint: string }
  hooks: {
    id: string
    name: string
    event: string | null
    events: string
    /** Sealed: headers may hold a password. */
    config: string
    /** Sealed. */
    signing_key: string
    enabled: number
    created_at: number
  }
  /** The outbox of webhooks: one row for each event and webhook, kept for operators once it is settled. */
  hook_deliveries: {
    id: string
    /** No reference: what was delivered outlives its webhook. */
    hook_id: string
    event: string
    /** The same for every webhook, try and redelivery of one event. */
    event_id: string
    /** Sealed: exactly what is sent and signed. */
    body: string
    /** `waiting`, `delivered` or `failed`. */
    state: string
    /** Tries begun. Also says whose claim it is: whoever raised it to this number. */
    tries: number
    /** Waiting: when the next try is due, or the present one counts as lost. */
    due_at: number
    created_at: number
    settled_at: number | null
    /** Status of the last answer. */
    status: number | null
    /** Sealed: the last answer's body, cut, and what went wrong. */
    outcome: string | null
  }
  test_identities: {
    id: string
    /** `phone` or `email`. */
    type: string
    value: string
    /** As users' numbers and addresses are compared. */
    value_key: string
    /** Sealed: operators see it again. */
    code: string
    note: string | null
    /** The one account that the code opens. No reference: an id never comes twice. */
    user_id: string | null
    expires_at: number
    created_at: number
  }
}
