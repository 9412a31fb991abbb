import { SendError } from '@countersign/kit'
import type { Reading } from '../check/verdict.ts'
import { refusal } from '../refusal.ts'
import type { Answer } from '../request.ts'

/** What the settings of every connector know that no error may repeat. */
interface Confidential {
  accessKeySecret: string
  securityToken?: string | undefined
  token?: string | undefined
  eventToken?: string | undefined
  proxy?: string | undefined
}

/**
 * What a provider answers to a question about messages.
 *
 * @throws SendError without the raw answer, which may hold the text of a message and with it the code
 */
export async function answerTo(
  { table, codeOf, fallback, bodyOf }: Reading,
  { accessKeySecret, securityToken, token, eventToken, proxy }: Confidential,
  about: readonly string[],
  question: () => Promise<Answer>,
): Promise<Readonly<Record<string, unknown>>> {
  try {
    const answer = await question()
    const code = codeOf(answer)
    if (code === undefined && answer.status === 200) return bodyOf(answer)
    const confidential = [accessKeySecret, securityToken, token, eventToken, proxy, ...about]
    throw refusal({ table, answer, code, fallback, confidential })
  } catch (error) {
    if (!(error instanceof SendError)) throw error
    const { failure, code, retryAfter } = error
    throw new SendError(failure, { ...(code !== undefined && { code }), ...(retryAfter && { retryAfter }) })
  }
}

/** An answer that lacks what it should hold is none: it may come from anybody on the way. */
export const noAnswer = (): SendError => new SendError('provider_fault')

/** Those entries that happened between two times. Where they are several, nobody can tell which one was asked for. */
export const between = <T>(
  entries: readonly T[],
  from: number,
  to: number,
  timeOf: (entry: T) => number | undefined,
): T[] =>
  entries.filter(entry => {
    const at = timeOf(entry)
    return at !== undefined && at >= from && at <= to
  })
