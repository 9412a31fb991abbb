import { type Failure, type FailureTable, SendError } from '@countersign/kit'
import type { Answer } from './request.ts'

interface Refusal {
  table: FailureTable
  answer: Answer
  /** What stands where the provider puts its code. */
  code: unknown
  /** What a code that the table does not have stands for. */
  fallback: (code: string) => Failure
  /** What may not be repeated, even when the provider's code repeats it. */
  confidential: readonly (string | undefined)[]
  /** Seconds. */
  retryAfter?: number | undefined
}

/** Turns a provider's refusal into the error to throw. An answer without a code is no refusal but a fault. */
export function refusal({ table, answer, code, fallback, confidential, retryAfter }: Refusal): SendError {
  const raw = { answer: answer.raw }
  if (typeof code !== 'string' || code === '')
    return new SendError('provider_fault', { maybeSent: true, ...raw })
  if (Object.hasOwn(table, code)) return new SendError(table[code]!.failure, { code, retryAfter, ...raw })
  const spoken = isSpeakable(code, confidential) ? code : undefined
  // A server in trouble that says something unheard of may have sent all the same.
  if (answer.status >= 500) return new SendError('provider_fault', { code: spoken, maybeSent: true, ...raw })
  return new SendError(fallback(code), { code: spoken, ...raw })
}

function isSpeakable(code: string, confidential: Refusal['confidential']): boolean {
  if (!/^[A-Za-z][\w.:-]{0,99}$/.test(code) || /\d{6}/.test(code)) return false
  return !confidential.some(text => text && text.length > 3 && code.includes(text))
}

/** The provider's ids that an answer holds, by their names; what is no text is left out. */
export function pickIds(
  source: Readonly<Record<string, unknown>>,
  names: readonly string[],
): Record<string, string> {
  const ids: Record<string, string> = {}
  for (const name of names) {
    const value = source[name]
    if (typeof value === 'string' && value !== '') ids[name] = value
  }
  return ids
}
