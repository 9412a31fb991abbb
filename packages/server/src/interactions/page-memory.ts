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
  /** For the page that the last form led to. */
  notice?: Notice
  /** Issues of the password policy, for the page that asked for a new one. */
  issues?: Notice[]
  /** Path of the page that `notice` and `issues` are for. */
  noticeFor?: string
}

/** What a page remembers: notices of other pages are not its own, wherever the visitor wanders. */
export function memoryFor(path: string, memory: PageMemory): PageMemory {
  return memory.noticeFor === path ? memory : { ...memory, notice: undefined, issues: undefined }
}
