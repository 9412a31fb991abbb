import type { Database } from '../db/database.ts'
import { attemptsWithMessages } from './store.ts'

/**
 * Attempts that were begun in a span of time, each with its message; the end is not part of it.
 *
 * @example attemptsBetween(db, begin, end).select('attempts.id')
 */
export const attemptsBetween = (db: Database, begin: number, end: number) =>
  attemptsWithMessages(db).where('attempts.created_at', '>=', begin).where('attempts.created_at', '<', end)

/**
 * Attempts of the messages that were asked for before a moment.
 *
 * @example attemptsOfMessagesBefore(db, before).select('attempts.id')
 */
export const attemptsOfMessagesBefore = (db: Database, before: number) =>
  attemptsWithMessages(db).where('messages.created_at', '<', before)
