import type { CodeIdentifier } from '@countersign/api'
import type { UsageType } from '@countersign/kit'
import type { Budgets } from '../budgets/budgets.ts'
import type { CodeEnd, Codes, Purpose } from '../codes/codes.ts'
import type { Connections } from '../connections/connections.ts'
import type { Connection } from '../connections/room.ts'
import type { Delivery } from '../delivery/delivery.ts'
import { codePolicy, type Experience, pauseOf, requireAllowedEmail } from '../experience/experience.ts'
import type { HealthOfConnections } from '../health/health.ts'
import type { Recipient } from '../identifiers/recipient.ts'
import type { AskedMessage, Asker, Ledger } from '../ledger/ledger.ts'
import type { LimitListener } from '../limits/guards.ts'
import { type Limits, Paused } from '../limits/limits.ts'
import type { FixedCodes } from '../test-identities/test-identities.ts'
import type { Later } from './later.ts'
import type { Humanity, Objection } from './verdict.ts'

/** A message that is about to get its code, as the parts of the protection judge it. */
export interface JudgedMessage extends AskedMessage {
  /** The application it is for, whoever asks. */
  applicationId: string | undefined
  humanity: Humanity
  /** Whether whoever asks was here before; it is looked up when it is asked first, and costs statements then. */
  isKnown(): Promise<boolean>
  /** The connections that it may go over. */
  connections: readonly Connection[]
}

/**
 * One part of the protection. It is asked before anything is written, for messages that leave and for those that are
 * suppressed alike, and only says what it objects to. While it is off, it must cost no statement.
 */
export type Judge = (message: JudgedMessage) => Promise<Objection | undefined>

/** What sending a code and checking it needs of other rooms. */
export interface ChallengeRoom {
  codes: Codes
  delivery: Pick<Delivery, 'deliver'>
  connections: Pick<Connections, 'inUse'>
  health: Pick<HealthOfConnections, 'of' | 'rested' | 'claim'>
  experience: Pick<Experience, 'read'>
  limits: Limits
  judges: readonly Judge[]
  /** Whether a message is asked for by somebody who was here before. */
  isKnown(message: AskedMessage): Promise<boolean>
  /** The money of a message; undefined where no budget counts it. */
  spending: Budgets['spending']
  testIdentities: FixedCodes
  ledger: Pick<Ledger, 'lately' | 'notSent' | 'used'>
  /** For messages that leave after the answer. */
  later: Later
  /** The application of the request that is under way, where the asker names none. */
  applicationId(): string | undefined
  /** Whether the clouds take any number of messages to a number: the simulated ones have such numbers. */
  isExempt(phone: string): boolean
  /** Which part of all messages those to a recipient belong to, from 0 to below 1. */
  chanceOf(recipient: Recipient): number
}

/** One code that was or will be sent: to whom, what for, and what it belongs to. */
export interface Challenge {
  recipient: Recipient
  usageType: UsageType
  /** What the code belongs to, e.g. `api` or one verification record; it opens nothing anywhere else. */
  scope: string
}

/** Who asks, as far as limits, messages and the ledger must know. */
export interface AskedBy {
  /** As the ledger of messages tells it. */
  asker: Asker
  ip?: string | undefined
  /** The address of the visitor for whom a back end asks, whose own says nothing of who wants the code. */
  visitorIp?: string | undefined
  /** The pass of the browser that asks, where somebody signed in there before. */
  device?: string | undefined
  /** `impossible` where it is left out. */
  humanity?: Humanity | undefined
  /** Hears of a limit that was reached, before the caller is answered. */
  listener?: LimitListener<CodeIdentifier>
}

/**
 * Gives a challenge as the room of codes calls it.
 *
 * @example await room.codes.isLive(purposeOf(challenge))
 */
export const purposeOf = ({ recipient, usageType, scope }: Challenge): Purpose => ({
  recipient,
  usageType,
  scope,
})

/**
 * Says why the code of a challenge can no longer be used; undefined while it can. It costs no try.
 *
 * @example await endOf(room, { recipient, usageType: 'SignIn', scope: `${uid}/${record.id}` })
 */
export const endOf = async (room: ChallengeRoom, challenge: Challenge): Promise<CodeEnd | undefined> =>
  room.codes.end(purposeOf(challenge), codePolicy(await room.experience.read()))

/**
 * Says how many seconds a page must wait before it asks for another code to a recipient, whichever interaction sent the
 * last one. There is no wait for a test identity, to which nothing is sent.
 *
 * @example if ((await pauseLeft(room, recipient)) > 0) // The button counts down.
 */
export async function pauseLeft(room: ChallengeRoom, recipient: Recipient): Promise<number> {
  const pause = pauseOf(await room.experience.read())
  if (pause === 0 || (await room.testIdentities.markOf(recipient)) !== undefined) return 0
  return room.limits.pauseLeft(recipient, pause)
}

/**
 * Refuses within the pause before anything is touched, for whoever has an older code that a refusal must not disturb.
 *
 * @example if (previous) await requirePauseOver(room, { recipient, usageType: 'SignIn', asker })
 *
 * @throws Paused `request.message_rate_limited`
 */
export async function requirePauseOver(room: ChallengeRoom, message: AskedMessage): Promise<void> {
  const seconds = await pauseLeft(room, message.recipient)
  if (seconds === 0) return
  room.ledger.notSent(message, { state: 'refused', reason: 'pause' })
  throw new Paused(seconds)
}

/**
 * Refuses an address that the block list keeps from becoming anybody's, before anything is touched.
 *
 * @example await requireAllowed(room, { recipient, usageType: 'Register', asker })
 *
 * @throws ApiError `session.email_blocklist.*`
 */
export async function requireAllowed(room: ChallengeRoom, message: AskedMessage): Promise<void> {
  const { type, value } = message.recipient
  if (type !== 'email') return
  const settings = await room.experience.read()
  try {
    requireAllowedEmail(value, settings)
  } catch (error) {
    room.ledger.notSent(message, { state: 'refused', reason: 'blocked_address' })
    throw error
  }
}
