import { asciiDigits, LONGEST_TEST_IDENTITY_DAYS, type TestIdentity } from '@countersign/api'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

/** What is long enough for a review and short enough to be forgotten safely. */
const USUAL_DAYS = 7

/** A test identity as the page edits it. */
export interface TestIdentityForm {
  type: TestIdentity['type']
  value: string
  code: string
  /** Local time to the minute, as browsers write it. */
  ends: string
  note: string
}

/** A moment as a local time to the minute, as browsers write it: `2026-10-15T08:30`. */
export function toLocal(time: number): string {
  const shifted = new Date(time - new Date(time).getTimezoneOffset() * MINUTE)
  return shifted.toISOString().slice(0, 16)
}

/** An empty form, or one that shows a test identity. One that has ended is offered a new end. */
export function toForm(now: number, identity?: TestIdentity): TestIdentityForm {
  const ends = identity && identity.expiresAt > now ? identity.expiresAt : now + USUAL_DAYS * DAY
  return {
    type: identity?.type ?? 'phone',
    value: identity ? shown(identity) : '',
    code: identity?.code ?? '',
    ends: toLocal(ends),
    note: identity?.note ?? '',
  }
}

/** The number or address as people write it. */
export const shown = ({ type, value }: Pick<TestIdentity, 'type' | 'value'>): string =>
  type === 'phone' ? `+${value}` : value

/** What is sent; type and value are not changed later. */
export const toBody = ({ type, value, ...rest }: TestIdentityForm) => ({
  type,
  value: value.trim(),
  ...toChange(rest),
})

/** What may be changed of a test identity that is there. */
export const toChange = ({ code, ends, note }: Pick<TestIdentityForm, 'code' | 'ends' | 'note'>) => ({
  code: asciiDigits(code).trim(),
  expiresAt: new Date(ends).getTime(),
  note: note.trim() || null,
})

/** What is wrong with a form, by field. */
export interface Mistakes {
  value?: 'value'
  code?: 'code'
  ends?: 'past' | 'late'
}

/** Looks a form over before it is sent; how many digits codes have, only the server knows. */
export function mistakesOf({ value, code, ends }: TestIdentityForm, now: number): Mistakes {
  const end = new Date(ends).getTime()
  return {
    ...(value.trim() === '' && { value: 'value' }),
    ...(!/^\d+$/.test(asciiDigits(code).trim()) && { code: 'code' }),
    // What is no date compares as neither.
    ...(!(end > now) && { ends: 'past' }),
    ...(end > now + LONGEST_TEST_IDENTITY_DAYS * DAY && { ends: 'late' }),
  }
}
