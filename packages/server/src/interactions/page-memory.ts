import type { Notice } from '@countersign/sign-in'
import type { Identifier } from '../users/users.ts'

/** What the hosted pages must know from one page to the next. */
export interface PageMemory {
  identifier?: Identifier
  /** Country chosen for the phone field, e.g. `CN`. */
  country?: string
  /** What was typed, to show it again beside an error. */
  typed?: string
  /** The record that the code page checks against. */
  recordId?: string
  /** When the last code was asked for; ms. */
  sentAt?: number
  /** Shown once on the page that the last form led to. */
  notice?: Notice
  /** Issues of the password policy, for the page that asked for a new one. */
  issues?: Notice[]
}
