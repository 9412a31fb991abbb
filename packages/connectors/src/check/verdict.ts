import {
  type CheckItem,
  type Explanation,
  explain,
  type Failure,
  type FailureTable,
  isObject,
  type Localized,
  SendError,
} from '@countersign/kit'
import { both } from '../failure-table.ts'
import type { Answer } from '../request.ts'

/** What the provider said to one question: an answer, or a refusal explained. */
export type Verdict =
  | { body: Readonly<Record<string, unknown>> }
  | ({ failure: Failure; code: string | undefined } & Explanation)

/** How a provider's answers are read. */
export interface Reading {
  table: FailureTable
  /** The code of an answer that is a refusal; undefined for one that is none. */
  codeOf(answer: Answer): unknown
  fallback(code: string): Failure
  bodyOf(answer: Answer): Readonly<Record<string, unknown>>
}

/** Asks one question. Never throws: a network that fails is a verdict, too. */
export async function ask(reading: Reading, question: () => Promise<Answer>): Promise<Verdict> {
  const { table } = reading
  try {
    const answer = await question()
    const code = reading.codeOf(answer)
    if (code === undefined && answer.status === 200) return { body: reading.bodyOf(answer) }
    if (typeof code !== 'string' || code === '') return refused(table, 'provider_fault')
    const known = Object.hasOwn(table, code) ? table[code]!.failure : reading.fallback(code)
    return refused(table, known, code)
  } catch (error) {
    return error instanceof SendError
      ? refused(table, error.failure, error.code)
      : refused(table, 'provider_fault')
  }
}

const refused = (table: FailureTable, failure: Failure, code?: string): Verdict => ({
  failure,
  code,
  ...explain(table, failure, code),
})

const PERMISSION =
  /^Forbidden(?:\.RAM)?$|PERMISSION_DENY|NoPermission$|UnauthorizedOperation$|RequestPermissionDeny/
const ACCOUNT =
  /ACCOUNT|PRODUCT_UN|NOT_OPEN|Unsupported\.Account|InvalidAccountStatus|RiskControl|UserVerification|InvalidUser|OUT_OF_SERVICE|AMOUNT|Arrears/

/** What the first answer says about keys, permission and account. */
export function accessItems(verdict: Verdict, grant: Localized): CheckItem[] {
  const keys: CheckItem = { subject: 'keys', state: 'approved' }
  const permission: CheckItem = { subject: 'permission', state: 'approved' }
  if ('body' in verdict) return [keys, permission]
  const { failure, code = '' } = verdict
  const story = storyOf(verdict)
  if (ACCOUNT.test(code)) return [keys, { subject: 'account', state: 'rejected', ...story }]
  if (failure === 'credentials_rejected')
    return PERMISSION.test(code)
      ? [keys, { subject: 'permission', state: 'missing', reason: MAY_NOT_ASK, remedy: grant }]
      : [{ ...keys, state: 'rejected', ...story }]
  // What is said about a signature or a template is said to a key that may ask for it.
  if (failure === 'message_rejected') return [keys, permission]
  return [{ ...keys, state: 'unknown', ...story }]
}

/** What an item says of a refusal. */
const storyOf = ({ meaning, remedy, links }: Explanation) => ({
  reason: meaning,
  remedy,
  ...(links && { links }),
})

const MAY_NOT_ASK = both(
  'The key may not ask for reviews, so this check sees no more; it may still be allowed to send.',
  '该密钥无权查询审核状态，因此无法继续检查；它仍可能具有发送权限。',
)

/** Whether it makes sense to ask on. */
export const mayAskOn = (items: readonly CheckItem[]): boolean =>
  items.every(({ state }) => state === 'approved')

/** What is left when nothing more could be asked. */
export const unknown = (subject: string): CheckItem => ({
  subject,
  state: 'unknown',
  reason: both('Could not be asked for.', '未能查询。'),
})

/** An item for a question that was refused: there is no such thing, or nobody knows. */
export function itemOfRefusal(subject: string, verdict: Exclude<Verdict, { body: unknown }>): CheckItem {
  const state = verdict.failure === 'message_rejected' ? 'missing' : 'unknown'
  return { subject, state, ...storyOf(verdict) }
}

/** A provider's own words, which are in one language only. */
export const quoted = (text: string): Localized => both(text, text)

/** The objects in a list of an answer; what is none is left out. */
export const objectsIn = (list: unknown): Record<string, unknown>[] =>
  Array.isArray(list) ? list.filter(isObject) : []

/** A member that should be text; empty when it is not. */
export const wordsIn = (source: unknown, key: string): string => {
  const value = isObject(source) ? source[key] : undefined
  return typeof value === 'string' ? value.trim() : ''
}
