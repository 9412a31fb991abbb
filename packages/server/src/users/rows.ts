import type { Selectable } from 'kysely'
import type { Schema } from '../db/schema.ts'
import { emailKey } from '../identifiers/email.ts'

/** A user as the table has one. */
export type UserRow = Selectable<Schema['users']>

/** A user as the rooms know one. */
export interface StoredUser {
  id: string
  username: string | null
  primaryEmail: string | null
  primaryPhone: string | null
  name: string | null
  avatar: string | null
  customData: Record<string, unknown>
  profile: Record<string, unknown>
  passwordHash: string | null
  /** The algorithm of an imported hash; null for the server's own. */
  passwordAlgorithm: string | null
  /** The moment when the password was last set here; null for users who were here before it was kept. */
  passwordChangedAt: number | null
  /** Marked as expired by an operator; counts only while passwords expire. */
  passwordExpired: boolean
  /** Counts how often all sessions were ended; a session that began before the last time is worth nothing. */
  sessionEpoch: number
  applicationId: string | null
  isSuspended: boolean
  lastSignInAt: number | null
  createdAt: number
  updatedAt: number
}

export type UserChange = Partial<Omit<StoredUser, 'id' | 'createdAt' | 'sessionEpoch'>>

/** A user of a row. */
export const fromRow = (row: UserRow): StoredUser => ({
  id: row.id,
  username: row.username,
  primaryEmail: row.primary_email,
  primaryPhone: row.primary_phone,
  name: row.name,
  avatar: row.avatar,
  customData: JSON.parse(row.custom_data),
  profile: JSON.parse(row.profile),
  passwordHash: row.password_hash,
  passwordAlgorithm: row.password_algorithm,
  passwordChangedAt: row.password_changed_at,
  passwordExpired: row.password_expired === 1,
  sessionEpoch: row.session_epoch,
  applicationId: row.application_id,
  isSuspended: row.is_suspended === 1,
  lastSignInAt: row.last_sign_in_at,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
})

/** The columns of what a user has, or of a change. */
export function toRow(change: UserChange): Partial<UserRow> {
  const row: Partial<UserRow> = {}
  if (change.username !== undefined) row.username = change.username
  if (change.primaryEmail !== undefined) {
    row.primary_email = change.primaryEmail
    row.email_key = change.primaryEmail === null ? null : emailKey(change.primaryEmail)
  }
  if (change.primaryPhone !== undefined) row.primary_phone = change.primaryPhone
  if (change.name !== undefined) row.name = change.name
  if (change.avatar !== undefined) row.avatar = change.avatar
  if (change.customData !== undefined) row.custom_data = JSON.stringify(change.customData)
  if (change.profile !== undefined) row.profile = JSON.stringify(change.profile)
  if (change.passwordHash !== undefined) row.password_hash = change.passwordHash
  if (change.passwordAlgorithm !== undefined) row.password_algorithm = change.passwordAlgorithm
  if (change.passwordChangedAt !== undefined) row.password_changed_at = change.passwordChangedAt
  if (change.passwordExpired !== undefined) row.password_expired = change.passwordExpired ? 1 : 0
  if (change.applicationId !== undefined) row.application_id = change.applicationId
  if (change.isSuspended !== undefined) row.is_suspended = change.isSuspended ? 1 : 0
  if (change.lastSignInAt !== undefined) row.last_sign_in_at = change.lastSignInAt
  if (change.updatedAt !== undefined) row.updated_at = change.updatedAt
  return row
}
