import type { InteractionEvent } from '@countersign/api'
import type { UsageType } from '@countersign/kit'
import type { IdentifierKind, Notice } from '@countersign/sign-in'
import type { Identifier } from '../users/users.ts'

/** A notice; one that says how many seconds to wait holds until a moment, in ms. */
export type TimedNotice = Notice & { until?: number }

/** An e-mail that was asked for in the place of a text message, by the number's owner or by somebody else. */
export interface InPlace {
  id: string
  /** The number that was typed. */
  number: string
  event: InteractionEvent
  usageType: UsageType
  codeLength?: number
  /** The name of the budget that stopped the text message. */
  budget: string
  /** The account that had the number, and its address, when the e-mail was asked for; missing where there is none. */
  to?: { userId: string; email: string }
}

/** What the hosted pages must know from one page to the next. */
export interface PageState {
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
  /** Its code is what the code page checks, and no record of the flow. */
  inPlace?: InPlace | undefined
  /** The last send that was refused for a while: to whom, and until when another would be refused too; ms. */
  wait?: { recipient: string; until: number }
  /** For the page that the last form led to. */
  notice?: TimedNotice | undefined
  /** Issues of the password policy, for the page that asked for a new one. */
  issues?: Notice[]
  /** The page that `notice` and `issues` are for: its path, and the kind of identifier it asked for, if any. */
  noticeFor?: string
}

/**
 * Names a page by its path and the kind of identifier it asks for, whatever else the query says.
 *
 * @example pageName('/sign-in', new URLSearchParams('with=phone&ui_locales=en')) // '/sign-in?with=phone'
 */
export function pageName(path: string, query: URLSearchParams): string {
  const kind = query.get('with')
  return kind ? `${path}?with=${kind}` : path
}

/**
 * Adds to a notice that names seconds the moment when they are over, for they go by while it is remembered.
 *
 * @example remember({ notice: timed(noticeOf(error), world.now()) })
 */
export function timed(notice: Notice, now: number): TimedNotice {
  const { seconds } = notice.values ?? {}
  return typeof seconds === 'number' ? { ...notice, until: now + seconds * 1000 } : notice
}

/** Gives a notice with the seconds that are left now. It is undefined when there is nothing to wait for any more. */
function still(notice: TimedNotice | undefined, now: number): Notice | undefined {
  if (notice?.until === undefined) return notice
  const { until, ...rest } = notice
  return until > now ? { ...rest, values: { ...rest.values, seconds: secondsTo(until, now) } } : undefined
}

const secondsTo = (until: number, now: number) => Math.max(0, Math.ceil((until - now) / 1000))

/**
 * Says for how many seconds another send to a recipient would be refused, as far as a refusal has said so.
 *
 * @example waitFor(interaction.page, '8613800138000', world.now()) // 34
 */
export const waitFor = ({ wait }: PageState, recipient: string, now: number): number =>
  wait?.recipient === recipient ? secondsTo(wait.until, now) : 0

/**
 * Gives what one page remembers. Notices of other pages are left out, and the seconds that a notice names are those
 * that are left.
 *
 * @example pageStateFor('/sign-in?with=phone', interaction.page, world.now())
 */
export const pageStateFor = (page: string, state: PageState, now: number): PageState =>
  state.noticeFor === page
    ? { ...state, notice: still(state.notice, now) }
    : { ...state, notice: undefined, issues: undefined, meant: undefined }
