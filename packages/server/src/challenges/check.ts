import { WrongForm } from '../codes/codes.ts'
import { codePolicy } from '../experience/experience.ts'
import { conclude } from '../limits/guards.ts'
import type { Client } from '../limits/sentinel.ts'
import { ApiError } from '../refusals/refusal.ts'
import { type AskedBy, type Challenge, type ChallengeRoom, purposeOf } from './challenges.ts'

/** A code that came back. */
export interface CheckRequest extends Challenge {
  code: string
  /** Whom the caller says the code was sent to; another than the recipient is a mismatch. */
  named?: string
  /** Who guesses, where failures count towards the lock-out; back ends count their own. */
  guess?: {
    client: Client
    /** The record of the message that brought the code. */
    message: string
    listener: AskedBy['listener']
  }
}

/** Compares, and pays a try for it. @throws ApiError `verification_code.*`, `WrongForm` */
async function compare(room: ChallengeRoom, request: CheckRequest): Promise<void> {
  const { recipient, named = recipient.value, code } = request
  const purpose = purposeOf(request)
  if (named !== recipient.value) {
    if (code === '' || !(await room.codes.isLive(purpose))) throw new ApiError('verification_code.not_found')
    throw new ApiError(`verification_code.${recipient.type}_mismatch`)
  }
  await room.codes.verify(purpose, code, codePolicy(await room.experience.read()))
}

/**
 * The failure of a check that counts, and nothing when the code was right. What has the wrong form is thrown at once.
 */
async function failureOf(room: ChallengeRoom, request: CheckRequest): Promise<ApiError | undefined> {
  try {
    await compare(room, request)
    return undefined
  } catch (error) {
    if (!(error instanceof ApiError) || error instanceof WrongForm) throw error
    return error
  }
}

/**
 * Checks a code and spends it. A failure counts against the recipient that the code was sent to, never against what a
 * caller merely names: anybody could name anybody.
 *
 * @example
 * await check(room, { recipient, usageType: 'Generic', scope: 'api', code: '739154' })
 *
 * @throws ApiError `verification_code.*`, `session.verification_blocked_too_many_attempts`
 */
export async function check(room: ChallengeRoom, request: CheckRequest): Promise<void> {
  const { recipient, guess } = request
  if (!guess) return compare(room, request)
  const failure = await failureOf(room, request)
  // Nobody was sent a fixed code, so its record does not prove that a message reached the recipient.
  const isFixed = (await room.testIdentities.markOf(recipient)) !== undefined
  await conclude(
    room.limits,
    { type: recipient.type, value: recipient.value },
    {
      failure,
      kind: 'code',
      client: guess.client,
      ...(!isFixed && { message: guess.message }),
      policy: (await room.experience.read()).sentinelPolicy,
    },
    guess.listener,
  )
}
