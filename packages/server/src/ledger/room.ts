import type { FraudMode, SendScope } from '@countersign/api'
import type { Connector, UsageType } from '@countersign/kit'
import type { Keys } from '../crypto/keys.ts'
import type { Recipient } from '../identifiers/recipient.ts'
import type { World } from '../world.ts'
import type { LedgerStore } from './store.ts'

/** Whom a request came from, as far as it is known by itself. */
export interface Scene {
  applicationId?: string | undefined
  operatorId?: string | undefined
}

/** Who asked for a message, and by which way. */
export interface Asker extends Scene {
  by: 'interaction' | 'account' | 'api' | 'test'
  interactionId?: string | undefined
  userId?: string | undefined
}

/** A message as it was asked for. */
export interface AskedMessage {
  /** The address of the visitor who asked for it, as far as it is known. */
  visitorIp?: string | undefined
  recipient: Recipient
  usageType: UsageType
  asker: Asker
  /** With which finding of the fraud guard it is asked for, after what that does with it. */
  fraud?: FraudNote | undefined
  /** The name of the budget that stopped it, or, of an e-mail, the text message in whose place it goes. */
  budget?: string | undefined
  /** The pass of the browser in which it was asked for, where somebody had signed in there before. */
  device?: string | undefined
}

/** What the fraud guard notes with a message: what it does with those of a finding, and the finding's id. */
export type FraudNote = `${FraudMode}/${string}`

/**
 * The codes that messages of one request carry: the first, and after a message that may have left another one. Their
 * places count from 1 in the database.
 */
export const CODES = ['first', 'second'] as const
export type WhichCode = (typeof CODES)[number]

/** Why a message was refused; nothing left. */
export type RefusalReason =
  | 'limit'
  | `limit_${Exclude<SendScope, 'recipient'> | 'provider'}`
  | 'pause'
  | 'captcha'
  | 'budget'
  | 'fraud'
  | 'fraud_escalated'
  | 'impossible_number'
  | 'blocked_address'
  | 'no_connector'
  | 'no_application'
  | 'no_destination'
  | 'no_configuration'
  | 'resting'

/** The connector with an id; undefined for one that is not here any more. */
export type ConnectorOf = (id: string) => Connector | undefined

/** The first final receipt of an attempt, as it came. */
export interface HeardReceipt {
  attemptId: string
  connectionId: string | undefined
  connector: string
  receipt: 'delivered' | 'undelivered'
  /** Milliseconds from the moment at which the attempt began. */
  took: number
}

/** What every use case of the ledger works with. */
export interface LedgerRoom {
  connectorOf: ConnectorOf
  keys: Keys
  world: World
  store: LedgerStore
  /** What is known of the request that is under way. */
  scene(): Scene
  /** Hears what became of attempts; it never fails. */
  heard?: ((receipt: HeardReceipt) => void) | undefined
}

/**
 * What the sealed answer of an attempt is bound to.
 *
 * @example open(keys.seal, row.answer, answerContext(row.id))
 */
export const answerContext = (id: string) => `attempt/${id}`

/**
 * What the sealed recipient of an attempt is bound to.
 *
 * @example open(keys.seal, row.sealed_to, recipientContext(row.id))
 */
export const recipientContext = (id: string) => `attempt-recipient/${id}`

/**
 * What the sealed words of a receipt are bound to.
 *
 * @example open(keys.seal, row.detail, detailContext(row.id))
 */
export const detailContext = (id: string) => `receipt/${id}`
