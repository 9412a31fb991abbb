import { type Kysely, SqliteAdapter, sql } from 'kysely'
import type { Migration } from 'kysely/migration'
import { addAuditFilters } from './audit-filters.ts'
import { addConnectionHealth } from './connection-health.ts'
import { addFraudFindings, addFraudHours } from './fraud-tables.ts'
import { addMessages, writeMessagesInOne } from './ledger-tables.ts'
import { addMessageBudgets } from './message-budgets.ts'
import { addMessageDevices } from './message-devices.ts'
import { addMessageOrigins } from './message-origins.ts'
import { orderConnections } from './ordered-connections.ts'
import { addKeptCosts, addPrices } from './price-columns.ts'
import { addReceipts } from './receipt-tables.ts'
import { addSecondCodes } from './second-codes.ts'
import { keepSeveralConnections } from './several-connections.ts'
import { addVersionTriggers } from './version-triggers.ts'

const bigint = 'bigint' as const

/** Changes of the tables, by name, in order. A migration that has landed is never edited; add another. */
export const migrations: Record<string, Migration> = {
  '0001_first': {
    async up(db: Kysely<unknown>) {
      const table = (name: string) => db.schema.createTable(name)
      await table('settings')
        .addColumn('key', 'text', c => c.primaryKey())
        .addColumn('value', 'text', c => c.notNull())
        .execute()
      await table('operators')
        .addColumn('id', 'text', c => c.primaryKey())
        .addColumn('name', 'text', c => c.notNull())
        .addColumn('name_key', 'text', c => c.notNull().unique())
        .addColumn('password_hash', 'text', c => c.notNull())
        .addColumn('created_at', bigint, c => c.notNull())
        .execute()
      await table('operator_sessions')
        .addColumn('id_hash', 'text', c => c.primaryKey())
        .addColumn('operator_id', 'text', c => c.notNull().references('operators.id').onDelete('cascade'))
        .addColumn('expires_at', bigint, c => c.notNull())
        .execute()
      await table('users')
        .addColumn('id', 'text', c => c.primaryKey())
        .addColumn('username', 'text', c => c.unique())
        .addColumn('primary_email', 'text')
        .addColumn('email_key', 'text', c => c.unique())
        .addColumn('primary_phone', 'text', c => c.unique())
        .addColumn('name', 'text')
        .addColumn('avatar', 'text')
        .addColumn('custom_data', 'text', c => c.notNull())
        .addColumn('profile', 'text', c => c.notNull())
        .addColumn('password_hash', 'text')
        .addColumn('application_id', 'text')
        .addColumn('is_suspended', 'integer', c => c.notNull().defaultTo(0))
        .addColumn('last_sign_in_at', bigint)
        .addColumn('created_at', bigint, c => c.notNull())
        .addColumn('updated_at', bigint, c => c.notNull())
        .execute()
      await db.schema.createIndex('users_by_age').on('users').columns(['created_at', 'id']).execute()
      await table('applications')
        .addColumn('id', 'text', c => c.primaryKey())
        .addColumn('name', 'text', c => c.notNull())
        .addColumn('description', 'text')
        .addColumn('type', 'text', c => c.notNull())
        .addColumn('oidc_client_metadata', 'text', c => c.notNull())
        .addColumn('custom_client_metadata', 'text', c => c.notNull())
        .addColumn('custom_data', 'text', c => c.notNull())
        .addColumn('is_third_party', 'integer', c => c.notNull().defaultTo(0))
        .addColumn('is_admin', 'integer', c => c.notNull().defaultTo(0))
        .addColumn('created_at', bigint, c => c.notNull())
        .execute()
      await table('application_secrets')
        .addColumn('application_id', 'text', c =>
          c.notNull().references('applications.id').onDelete('cascade'),
        )
        .addColumn('name', 'text', c => c.notNull())
        .addColumn('value', 'text', c => c.notNull())
        .addColumn('created_at', bigint, c => c.notNull())
        .addColumn('expires_at', bigint)
        .addPrimaryKeyConstraint('application_secrets_key', ['application_id', 'name'])
        .execute()
      await table('connections')
        .addColumn('id', 'text', c => c.primaryKey())
        .addColumn('connector', 'text', c => c.notNull())
        // One connection per channel: a new one takes the place of the old.
        .addColumn('channel', 'text', c => c.notNull().unique())
        .addColumn('config', 'text', c => c.notNull())
        .addColumn('metadata', 'text', c => c.notNull())
        .addColumn('created_at', bigint, c => c.notNull())
        .addColumn('updated_at', bigint, c => c.notNull())
        .execute()
      await table('codes')
        .addColumn('id', 'text', c => c.primaryKey())
        .addColumn('binding', 'text', c => c.notNull())
        .addColumn('hash', 'text', c => c.notNull())
        .addColumn('tries', 'integer', c => c.notNull().defaultTo(0))
        .addColumn('created_at', bigint, c => c.notNull())
        .addColumn('consumed_at', bigint)
        .execute()
      await db.schema.createIndex('codes_by_binding').on('codes').columns(['binding', 'created_at']).execute()
      await db.schema.createIndex('codes_by_age').on('codes').column('created_at').execute()
      await table('message_sends')
        .addColumn('id', 'text', c => c.primaryKey())
        .addColumn('recipient_key', 'text', c => c.notNull())
        .addColumn('at', bigint, c => c.notNull())
        .execute()
      await db.schema
        .createIndex('message_sends_by_recipient')
        .on('message_sends')
        .columns(['recipient_key', 'at'])
        .execute()
      await db.schema.createIndex('message_sends_by_age').on('message_sends').column('at').execute()
      await table('identifier_failures')
        .addColumn('id', 'text', c => c.primaryKey())
        .addColumn('identifier_key', 'text', c => c.notNull())
        .addColumn('at', bigint, c => c.notNull())
        .execute()
      await db.schema
        .createIndex('identifier_failures_by_identifier')
        .on('identifier_failures')
        .columns(['identifier_key', 'at'])
        .execute()
      await table('identifier_blocks')
        .addColumn('identifier_key', 'text', c => c.primaryKey())
        .addColumn('until', bigint, c => c.notNull())
        .execute()
      await table('attempts')
        .addColumn('id', 'text', c => c.primaryKey())
        .addColumn('connector', 'text', c => c.notNull())
        .addColumn('channel', 'text', c => c.notNull())
        .addColumn('usage_type', 'text', c => c.notNull())
        .addColumn('recipient', 'text', c => c.notNull())
        .addColumn('state', 'text', c => c.notNull())
        .addColumn('ids', 'text', c => c.notNull())
        .addColumn('failure', 'text')
        .addColumn('provider_code', 'text')
        .addColumn('answer', 'text')
        .addColumn('took', 'integer')
        .addColumn('created_at', bigint, c => c.notNull())
        .execute()
      await db.schema.createIndex('attempts_by_age').on('attempts').columns(['created_at', 'id']).execute()
      await db.schema
        .createIndex('attempts_by_state')
        .on('attempts')
        .columns(['state', 'created_at'])
        .execute()
      await table('interactions')
        .addColumn('uid', 'text', c => c.primaryKey())
        .addColumn('state', 'text', c => c.notNull())
        .addColumn('version', 'integer', c => c.notNull())
        .addColumn('expires_at', bigint, c => c.notNull())
        .execute()
      await db.schema.createIndex('interactions_by_expiry').on('interactions').column('expires_at').execute()
      await table('oidc_payloads')
        .addColumn('kind', 'text', c => c.notNull())
        .addColumn('id_hash', 'text', c => c.notNull())
        .addColumn('payload', 'text', c => c.notNull())
        .addColumn('grant_id', 'text')
        .addColumn('uid_hash', 'text')
        .addColumn('account_id', 'text')
        .addColumn('client_id', 'text')
        .addColumn('expires_at', bigint)
        .addColumn('consumed_at', bigint)
        .addPrimaryKeyConstraint('oidc_payloads_key', ['kind', 'id_hash'])
        .execute()
      for (const column of ['grant_id', 'uid_hash', 'account_id', 'expires_at'])
        await sql
          .raw(
            `create index oidc_payloads_by_${column} on oidc_payloads (${column}) where ${column} is not null`,
          )
          .execute(db)
    },
  },
  // A fixed number of places per recipient instead of counted rows: the primary key keeps the limit.
  '0002_send_places': {
    async up(db: Kysely<unknown>) {
      await db.schema.dropTable('message_sends').execute()
      await db.schema
        .createTable('send_places')
        .addColumn('recipient_key', 'text', c => c.notNull())
        .addColumn('place', 'integer', c => c.notNull())
        .addColumn('id', 'text', c => c.notNull())
        .addColumn('at', bigint, c => c.notNull())
        .addPrimaryKeyConstraint('send_places_key', ['recipient_key', 'place'])
        .execute()
      await db.schema.createIndex('send_places_by_age').on('send_places').column('at').execute()
    },
  },
  // The tables of the rest of the Management API.
  '0003_management': {
    async up(db: Kysely<unknown>) {
      const table = (name: string) => db.schema.createTable(name)
      const users = db.schema.alterTable('users')
      // Null: the server's own argon2id.
      await users.addColumn('password_algorithm', 'text').execute()
      await users.addColumn('password_changed_at', bigint).execute()
      await users.addColumn('password_expired', 'integer', c => c.notNull().defaultTo(0)).execute()
      await db.schema
        .alterTable('applications')
        .addColumn('has_management_role', 'integer', c => c.notNull().defaultTo(0))
        .execute()
      await table('resources')
        .addColumn('id', 'text', c => c.primaryKey())
        .addColumn('name', 'text', c => c.notNull())
        .addColumn('indicator', 'text', c => c.notNull().unique())
        .addColumn('access_token_ttl', 'integer', c => c.notNull())
        .addColumn('is_default', 'integer', c => c.notNull().defaultTo(0))
        .addColumn('created_at', bigint, c => c.notNull())
        .execute()
      await table('resource_scopes')
        .addColumn('id', 'text', c => c.primaryKey())
        .addColumn('resource_id', 'text', c => c.notNull().references('resources.id').onDelete('cascade'))
        .addColumn('name', 'text', c => c.notNull())
        .addColumn('description', 'text')
        .addColumn('created_at', bigint, c => c.notNull())
        .addUniqueConstraint('resource_scopes_name', ['resource_id', 'name'])
        .execute()
      await table('custom_phrases')
        .addColumn('language_tag', 'text', c => c.primaryKey())
        .addColumn('id', 'text', c => c.notNull())
        .addColumn('translation', 'text', c => c.notNull())
        .execute()
      await table('email_templates')
        .addColumn('id', 'text', c => c.primaryKey())
        .addColumn('language_tag', 'text', c => c.notNull())
        .addColumn('template_type', 'text', c => c.notNull())
        .addColumn('details', 'text', c => c.notNull())
        .addColumn('created_at', bigint, c => c.notNull())
        .addUniqueConstraint('email_templates_place', ['language_tag', 'template_type'])
        .execute()
      await table('audit_logs')
        .addColumn('id', 'text', c => c.primaryKey())
        .addColumn('key', 'text', c => c.notNull())
        .addColumn('payload', 'text', c => c.notNull())
        .addColumn('user_id', 'text')
        .addColumn('application_id', 'text')
        .addColumn('created_at', bigint, c => c.notNull())
        .execute()
      for (const column of ['key', 'user_id', 'application_id'])
        await db.schema
          .createIndex(`audit_logs_by_${column}`)
          .on('audit_logs')
          .columns([column, 'created_at'])
          .execute()
      await db.schema
        .createIndex('audit_logs_by_age')
        .on('audit_logs')
        .columns(['created_at', 'id'])
        .execute()
      await table('active_days')
        .addColumn('day', 'text', c => c.notNull())
        .addColumn('user_id', 'text', c => c.notNull().references('users.id').onDelete('cascade'))
        .addPrimaryKeyConstraint('active_days_key', ['day', 'user_id'])
        .execute()
    },
  },
  // Webhooks and their outbox.
  '0005_webhooks': {
    async up(db: Kysely<unknown>) {
      const table = (name: string) => db.schema.createTable(name)
      const index = (name: string, columns: string[]) =>
        db.schema.createIndex(`hook_deliveries_${name}`).on('hook_deliveries').columns(columns).execute()
      await table('hooks')
        .addColumn('id', 'text', c => c.primaryKey())
        .addColumn('name', 'text', c => c.notNull())
        .addColumn('event', 'text')
        .addColumn('events', 'text', c => c.notNull())
        .addColumn('config', 'text', c => c.notNull())
        .addColumn('signing_key', 'text', c => c.notNull())
        .addColumn('enabled', 'integer', c => c.notNull().defaultTo(1))
        .addColumn('created_at', bigint, c => c.notNull())
        .execute()
      await table('hook_deliveries')
        .addColumn('id', 'text', c => c.primaryKey())
        .addColumn('hook_id', 'text', c => c.notNull())
        .addColumn('event', 'text', c => c.notNull())
        .addColumn('event_id', 'text', c => c.notNull())
        .addColumn('body', 'text', c => c.notNull())
        .addColumn('state', 'text', c => c.notNull())
        .addColumn('tries', 'integer', c => c.notNull().defaultTo(0))
        .addColumn('due_at', bigint, c => c.notNull())
        .addColumn('created_at', bigint, c => c.notNull())
        .addColumn('settled_at', bigint)
        .addColumn('status', 'integer')
        .addColumn('outcome', 'text')
        .execute()
      await index('due', ['state', 'due_at'])
      await index('settled', ['hook_id', 'settled_at'])
      await index('age', ['settled_at'])
    },
  },
  // Proofs that users give with a token of theirs.
  '0006_account': {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('account_verifications')
        .addColumn('id', 'text', c => c.primaryKey())
        .addColumn('user_id', 'text', c => c.notNull())
        .addColumn('kind', 'text', c => c.notNull())
        .addColumn('usage_type', 'text')
        .addColumn('recipient', 'text')
        .addColumn('verified', 'integer', c => c.notNull().defaultTo(0))
        .addColumn('expires_at', bigint, c => c.notNull())
        .execute()
      for (const column of ['user_id', 'expires_at'])
        await db.schema
          .createIndex(`account_verifications_by_${column}`)
          .on('account_verifications')
          .column(column)
          .execute()
    },
  },
  // Numbers and addresses with a fixed code until an end date.
  '0009_test_identities': {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('test_identities')
        .addColumn('id', 'text', c => c.primaryKey())
        .addColumn('type', 'text', c => c.notNull())
        .addColumn('value', 'text', c => c.notNull())
        .addColumn('value_key', 'text', c => c.notNull().unique())
        .addColumn('code', 'text', c => c.notNull())
        .addColumn('note', 'text')
        .addColumn('user_id', 'text')
        .addColumn('expires_at', bigint, c => c.notNull())
        .addColumn('created_at', bigint, c => c.notNull())
        .execute()
    },
  },
  // Usernames that ignore case are unique without regard to it. Where two differ by case alone the policy was not kept
  // so far; those installations go on telling them apart.
  '0010_usernames': {
    async up(db: Kysely<unknown>) {
      const where = sql`key = 'sign-in-experience'`
      const { rows } = await sql<{ value: string }>`select value from settings where ${where}`.execute(db)
      const experience = JSON.parse(rows[0]?.value ?? '{}')
      if (experience.usernamePolicy?.caseSensitive !== false) return
      const conflicts = await sql`
        select lower(username) from users where username is not null
        group by lower(username) having count(*) > 1`.execute(db)
      if (conflicts.rows.length > 0) {
        experience.usernamePolicy.caseSensitive = true
        await sql`update settings set value = ${JSON.stringify(experience)} where ${where}`.execute(db)
      } else await sql`create unique index users_username_folded on users (lower(username))`.execute(db)
    },
  },
  // The notes of what imports wrote, so that a later one leaves alone what has been changed here since.
  '0020_imports': {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('imports')
        .addColumn('kind', 'text', c => c.notNull())
        .addColumn('id', 'text', c => c.notNull())
        .addColumn('fingerprint', 'text', c => c.notNull())
        .addPrimaryKeyConstraint('imports_key', ['kind', 'id'])
        .execute()
    },
  },
  // A code of another form is refused before it costs a try. Of codes of before the form is not known.
  '0031_form_of_codes': {
    async up(db: Kysely<unknown>) {
      await db.schema.alterTable('codes').addColumn('digits', 'integer').execute()
    },
  },
  // Failures are counted per client too, and blocks are of a client or of everybody's passwords. Blocks of before are
  // lifted; the failures that led to them still count.
  '0033_clients_of_failures': {
    async up(db: Kysely<unknown>) {
      const failures = db.schema.alterTable('identifier_failures')
      await failures.addColumn('lane', 'text', c => c.notNull().defaultTo('password')).execute()
      for (const name of ['address', 'visit', 'device', 'message'])
        await failures.addColumn(name, 'text', c => c.notNull().defaultTo('')).execute()
      await db.schema.dropTable('identifier_blocks').execute()
      await db.schema
        .createTable('identifier_blocks')
        .addColumn('identifier_key', 'text', c => c.notNull())
        .addColumn('mark', 'text', c => c.notNull())
        .addColumn('until', bigint, c => c.notNull())
        .addPrimaryKeyConstraint('identifier_blocks_key', ['identifier_key', 'mark'])
        .execute()
    },
  },
  // No two codes of one binding have the same moment, so that one of them is the newest. Of those that had it, the one
  // that counted so far stays.
  '0034_order_of_codes': {
    async up(db: Kysely<unknown>) {
      await sql`
        delete from codes where exists (select 1 from codes as other
          where other.binding = codes.binding and other.created_at = codes.created_at and other.id > codes.id)`.execute(
        db,
      )
      await db.schema.dropIndex('codes_by_binding').execute()
      await db.schema
        .createIndex('codes_by_binding')
        .on('codes')
        .columns(['binding', 'created_at'])
        .unique()
        .execute()
    },
  },
  // Whether any hash of another system is left is asked at every check of a password.
  '0034_users_with_foreign_hashes': {
    async up(db: Kysely<unknown>) {
      await sql`
        create index users_with_foreign_hashes on users (password_algorithm)
        where password_algorithm is not null`.execute(db)
    },
  },
  // More than one operator: links with which they set their passwords, and their failures, counted by where they come
  // from. Everybody has one role as yet.
  '0035_operators': {
    async up(db: Kysely<unknown>) {
      await db.schema
        .alterTable('operators')
        .addColumn('role', 'text', c => c.notNull().defaultTo('administrator'))
        .execute()
      await db.schema.alterTable('operators').addColumn('last_sign_in_at', bigint).execute()
      await db.schema
        .createIndex('operator_sessions_by_operator')
        .on('operator_sessions')
        .columns(['operator_id', 'expires_at'])
        .execute()
      await db.schema
        .createTable('operator_links')
        .addColumn('operator_id', 'text', c => c.primaryKey().references('operators.id').onDelete('cascade'))
        .addColumn('hash', 'text', c => c.notNull().unique())
        .addColumn('expires_at', bigint, c => c.notNull())
        .execute()
      await db.schema
        .createTable('operator_failures')
        .addColumn('id', 'text', c => c.primaryKey())
        .addColumn('name_hash', 'text', c => c.notNull())
        .addColumn('from_hash', 'text', c => c.notNull())
        .addColumn('known', 'integer', c => c.notNull())
        .addColumn('at', bigint, c => c.notNull())
        .execute()
      for (const column of ['name_hash', 'from_hash'])
        await db.schema
          .createIndex(`operator_failures_by_${column}`)
          .on('operator_failures')
          .columns([column, 'at'])
          .execute()
    },
  },
  // A new password ends what was signed in before it, in the statement that writes it.
  '0037_session_epochs': {
    async up(db: Kysely<unknown>) {
      await sql`alter table users add column session_epoch bigint not null default 0`.execute(db)
      await sql`alter table users add column kept_session text`.execute(db)
      await sql`alter table users add column kept_grant text`.execute(db)
      await sql`alter table oidc_payloads add column epoch bigint not null default 0`.execute(db)
    },
  },
  // Rows that seldom change are remembered until a write changes their version. Health probes write each second, so they get
  // a table of their own.
  '0050_memory': {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('readiness')
        .addColumn('id', 'integer', c => c.primaryKey())
        .addColumn('written_at', bigint, c => c.notNull())
        .execute()
      await sql`delete from settings where key = 'readiness.written-at'`.execute(db)
      await addVersionTriggers(db)
    },
  },
  // The moment when pages last had a code sent to a recipient: between two sends lies the pause that operators set.
  '0051_send_pauses': {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('send_pauses')
        .addColumn('recipient_key', 'text', c => c.primaryKey())
        .addColumn('id', 'text', c => c.notNull())
        .addColumn('at', bigint, c => c.notNull())
        .execute()
      await db.schema.createIndex('send_pauses_by_age').on('send_pauses').column('at').execute()
    },
  },
  // A suspension ends sessions and tokens in the statement that writes it, and leaves grants; a new password ends
  // sessions and grants, and with these their tokens.
  '0061_suspension_epochs': {
    async up(db: Kysely<unknown>) {
      await sql`alter table users add column grant_epoch bigint not null default 0`.execute(db)
      await sql`alter table users add column token_epoch bigint not null default 0`.execute(db)
      await sql`update users set grant_epoch = session_epoch where session_epoch > 0`.execute(db)
    },
  },
  // Another connection for a channel switches the earlier one off and no longer deletes it.
  '0067_several_connections': { up: keepSeveralConnections },
  // The audit log is looked through by result and by operator.
  '0069_audit_filters': { up: addAuditFilters },
  // Above the attempts to get a message out stands the message.
  '0070_messages': { up: addMessages },
  // Several connections of a channel are on at once, in an order, each with a name and the places it sends to.
  '0074_ordered_connections': { up: orderConnections },
  // A message and its first attempt are one statement, and so are a code and that it was used.
  '0076_messages_in_one': { up: writeMessagesInOne },
  // A connection that does not work rests, for all nodes.
  '0077_connection_health': { up: addConnectionHealth },
  // Providers tell what became of messages, or are asked.
  '0078_receipts': { up: addReceipts },
  // What messages cost.
  '0079_prices': { up: addPrices },
  // A connection may be for single applications, and be the first for a share of messages alone.
  '0080_shares': {
    async up(db: Kysely<unknown>) {
      await sql`alter table connections add column applications text`.execute(db)
      await sql`alter table connections add column share integer not null default 100`.execute(db)
    },
  },
  // Messages are moved to a connection step by step.
  '0080_traffic_moves': {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('moves')
        .addColumn('connection_id', 'text', c => c.primaryKey())
        .addColumn('state', 'text', c => c.notNull())
        .addColumn('share', 'integer', c => c.notNull())
        .addColumn('since', bigint, c => c.notNull())
        .addColumn('falls', 'integer', c => c.notNull())
        .addColumn('expected', 'double precision')
        .addColumn('history', 'text', c => c.notNull())
        .addColumn('began_at', bigint, c => c.notNull())
        .addColumn('version', 'integer', c => c.notNull())
        .addColumn('claimed_until', bigint, c => c.notNull())
        .execute()
    },
  },
  // Providers are told whether codes were used, where a connection says so.
  '0081_feedback': {
    async up(db: Kysely<unknown>) {
      await sql`alter table connections add column feedback integer not null default 0`.execute(db)
      await sql`create table conversion_feedback (
        connection_id text primary key references connections (id) on delete cascade,
        at bigint not null, attempt_id text not null, told bigint not null default 0, failed bigint not null default 0,
        streak integer not null default 0, paused_until bigint, failure text, provider_code text, failed_at bigint)`.execute(
        db,
      )
    },
  },
  // After a message that may have left, another one carries a code of its own.
  '0082_second_codes': { up: addSecondCodes },
  // Whether other messages of a connection arrive is asked when somebody asks for a message again.
  '0083_delivered_attempts': {
    async up(db: Kysely<unknown>) {
      await sql`create index attempts_delivered on attempts (connection_id, receipt_at) where receipt = 'delivered'`.execute(
        db,
      )
    },
  },
  // Whatever is limited is counted in one place: one row per key and window, in place of rows per message.
  '0085_counters': {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('counters')
        .addColumn('key', 'text', c => c.primaryKey())
        .addColumn('most', 'integer', c => c.notNull())
        .addColumn('lasts', bigint, c => c.notNull())
        .addColumn('gap', bigint, c => c.notNull())
        .addColumn('used', 'integer', c => c.notNull())
        .addColumn('until', bigint, c => c.notNull())
        .addColumn('moments', 'text', c => c.notNull())
        .addColumn('granted', 'integer', c => c.notNull())
        .execute()
      await db.schema.createIndex('counters_by_end').on('counters').column('until').execute()
      // What they counted of the last ten minutes is forgotten, once.
      await db.schema.dropTable('send_places').execute()
      await db.schema.dropTable('send_pauses').execute()
    },
  },
  // A message says from which network it was asked for and what its number begins with, by which messages are limited.
  '0086_message_origins': { up: addMessageOrigins },
  // What messages cost is known for longer than single messages are kept.
  '0087_kept_costs': { up: addKeptCosts },
  // Something of OpenID Connect that becomes empty has ended. So one statement can store and delete, which SQLite else has
  // no statement for, and a transaction could not share its commit with other requests.
  '0088_ended_payloads': {
    async up(db: Kysely<unknown>) {
      const end = 'delete from oidc_payloads where kind = new.kind and id_hash = new.id_hash'
      const trigger = 'create trigger oidc_payloads_end after update of payload on oidc_payloads'
      const statements =
        db.getExecutor().adapter instanceof SqliteAdapter
          ? [`${trigger} when new.payload = '' begin ${end}; end`]
          : [
              `create function oidc_payloads_end() returns trigger language plpgsql as $$
             begin ${end}; return null; end $$`,
              `${trigger} for each row when (new.payload = '') execute function oidc_payloads_end()`,
            ]
      for (const statement of statements) await sql.raw(statement).execute(db)
    },
  },
  // Budgets count money, of which there is more than fits an integer, and tell once for each period that one is reached.
  '0089_budgets': {
    async up(db: Kysely<unknown>) {
      if (!(db.getExecutor().adapter instanceof SqliteAdapter))
        await sql`alter table counters alter column most type bigint, alter column used type bigint`.execute(
          db,
        )
      await db.schema
        .createTable('budgets_reached')
        .addColumn('key', 'text', c => c.notNull())
        .addColumn('level', 'text', c => c.notNull())
        .addColumn('at', bigint, c => c.notNull())
        .addColumn('until', bigint, c => c.notNull())
        .addPrimaryKeyConstraint('budgets_reached_pk', ['key', 'level'])
        .execute()
    },
  },
  // How many codes are used is kept by the hour, so that a flood of codes that nobody uses shows beside it.
  '0091_fraud_hours': { up: addFraudHours },
  // What was found of such floods, and the messages that were asked for meanwhile.
  '0092_fraud_findings': { up: addFraudFindings },
  // Operators say how many messages a provider takes for one number, where they have changed that there.
  '0093_provider_windows': {
    async up(db: Kysely<unknown>) {
      await db.schema.alterTable('connections').addColumn('windows', 'text').execute()
    },
  },
  // Operators see which identifiers are blocked, and since when.
  '0095_shown_blocks': {
    async up(db: Kysely<unknown>) {
      for (const column of [
        sql`shown text not null default ''`,
        sql`blocked_by text not null default ''`,
        sql`began_at bigint not null default 0`,
      ])
        await sql`alter table identifier_blocks add column ${column}`.execute(db)
    },
  },
  // Operators see which budget stopped a message.
  '0096_message_budgets': { up: addMessageBudgets },
  // A message says whether somebody asked for it who had signed in before, so that strangers can be counted apart.
  '0097_message_devices': { up: addMessageDevices },
  // A trace goes on when a receipt comes, perhaps at another node.
  '0098_attempt_traces': {
    async up(db: Kysely<unknown>) {
      await sql`create table attempt_traces (attempt_id text primary key, traceparent text not null, at bigint not null)`.execute(
        db,
      )
      await sql`create index attempt_traces_by_age on attempt_traces (at)`.execute(db)
    },
  },
}
