import type { AliasedExpression } from 'kysely'
import type { Database } from '../db/database.ts'

/** The name of one stored thing. */
export interface Name {
  kind: string
  idHash: string
}

/** One stored thing of OpenID Connect, its names already hashed and its content sealed. */
export interface StoredPayload extends Name {
  payload: string
  grantId: string | null
  uidHash: string | null
  accountId: string | null
  /** In which epoch of its user it was good, or what it was issued for. */
  epoch: number
  clientId: string | null
  expiresAt: number | null
}

/** What one request does to stored things. */
export interface Changes {
  /** The interaction that it ends. */
  ended?: Name | undefined
  gone: Name[]
  /** The interaction that it gives a result. */
  concluded?: StoredPayload | undefined
  rows: StoredPayload[]
}

/** A row of another room that is read in the same statement as an interaction, and who takes it. */
export interface Joined<Row extends object = object> {
  /** At most one row, which has the name `interaction`. */
  row(db: Database, values: { uid: string; now: number }): AliasedExpression<Row, 'interaction'>
  found(uid: string, row: Row): void
}

/** What a request is about. */
export interface Ahead {
  /** The interaction's uid, with what is joined to it. */
  uid?: string | undefined
  /** Hashes of ids, by kind. */
  hashes: { [kind in 'Interaction' | 'Session' | 'AuthorizationCode']?: string }
}

/** The values of the statement that reads what a request is about. */
export type AheadValues = Required<Ahead['hashes']> & { uid: string; now: number }

/** A thing as its row. */
export const toRow = (row: StoredPayload) => ({
  kind: row.kind,
  id_hash: row.idHash,
  payload: row.payload,
  grant_id: row.grantId,
  uid_hash: row.uidHash,
  account_id: row.accountId,
  epoch: row.epoch,
  client_id: row.clientId,
  expires_at: row.expiresAt,
})

/** The columns that are written. */
export const COLUMNS = [
  'kind',
  'id_hash',
  'payload',
  'grant_id',
  'uid_hash',
  'account_id',
  'epoch',
  'client_id',
  'expires_at',
] as const

/** A row of values that say their type, as PostgreSQL wants it where they are selected. */
export const typedRow = (db: Database, stored: StoredPayload) => {
  const row = toRow(stored)
  return db.selectNoFrom(({ cast, val }) => [
    cast<string>(val(row.kind), 'text').as('kind'),
    cast<string>(val(row.id_hash), 'text').as('id_hash'),
    cast<string>(val(row.payload), 'text').as('payload'),
    cast<string | null>(val(row.grant_id), 'text').as('grant_id'),
    cast<string | null>(val(row.uid_hash), 'text').as('uid_hash'),
    cast<string | null>(val(row.account_id), 'text').as('account_id'),
    cast<number>(val(row.epoch), 'bigint').as('epoch'),
    cast<string | null>(val(row.client_id), 'text').as('client_id'),
    cast<number | null>(val(row.expires_at), 'bigint').as('expires_at'),
  ])
}
