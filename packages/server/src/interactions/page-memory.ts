import type { IdentifierKind, Notice } from '@countersign/sign-in'
import type { Identifier } from '../users/users.ts'

/** What the hosted pages must know from one page to the next. */
export interface PageMemory {
  identifier?: Identifier
  /** Country chosen for the phone field, e.g. `CN`. */
  country?: string
  /** What was typed into the field of a kind, to show it again there. */
  typed?: { kind: IdentifierKind; value: string }
  /** Another number that may have been meant, as digits; shown with the notice that the typed one was refused with. */
  meant?: string | undefined
  /** The number that was refused last because there is none such, as digits. */
  doubted?: string | undefined
  /** The visitor ticked the box that agrees to the terms. */
  agreed?: boolean
  /** The record that the code page checks against. */
  recordId?: string
  /** When the last code was asked for; ms. */
  sentAt?: number | undefined
  /** Whether that message got out is not known. */
  isUnsure?: boolean
  /** For the page that the last form led to. */
  notice?: Notice
  /** Issues of the password policy, for the page that asked for a new one. */
  issues?: Notice[]
  /** The page that `notice` and `issues` are for: its path, and the kind of identifier it asked for, if any. */
  noticeFor?: string
}

/** Names a page by its path and the kind of identifier it asks for, whatever else the query says. */
export function pageName(path: string, query: URLSearchParams): string {
  const kind = query.get('with')
  return kind ? `${path}?with=${kind}` : path
}

/** What a page remembers: notices of other pages are not its own, wherever the visitor wanders. */
export function memoryFor(page: string, memory: PageMemory): PageMemory {
  return memory.noticeFor === page
    ? memory
    : { ...memory, notice: undefined, issues: undefined, meant: undefined }
}
