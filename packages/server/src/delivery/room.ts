import type { Failure } from '@countersign/kit'
import type { Connection } from '../connections/room.ts'
import type { Wording, Written } from '../connections/sending.ts'
import type { AskedMessage, Ledger, NewAttempt } from '../ledger/ledger.ts'
import type { Turns } from '../limits/limits.ts'
import type { Patience } from '../routing/patience.ts'
import type { World } from '../world.ts'

/** What delivery needs of others. */
export interface DeliveryNeeds extends Wording {
  world: World
  ledger: Pick<Ledger, 'begin' | 'withhold' | 'hedged' | 'end'>
  /** Hears how attempts over saved connections end. It never fails. */
  health?: {
    report(
      connection: Pick<Connection, 'id' | 'settingsMark'>,
      outcome: { failure: Failure | null; code?: string | undefined; at: number },
    ): Promise<void>
  }
  /** Milliseconds for one message, over all its connections. */
  timeout: number
  /** Runs the call of each attempt, and hands on what comes of it. */
  around?: (<T>(attempt: NewAttempt, call: () => Promise<T>) => Promise<T>) | undefined
}

/** What every use case of delivery works with. */
export interface DeliveryRoom extends DeliveryNeeds {
  patience: Patience
  /** The attempts whose outcome is not written yet. */
  underWay: Set<Promise<void>>
}

/** The connections that a message may go over, the first of them first. */
export type Candidates = readonly [Connection, ...Connection[]]

/** The money of a message, of which enough for one is reserved. */
export interface Spending {
  /** Reserves so that as many messages may leave; false where there is no money for another one. */
  reserve(messages: number): Promise<boolean>
  /** Gives back what was not needed: the connections of the messages that left, or may have left. It never fails. */
  settle(left: readonly string[]): Promise<void>
}

/** A message that is to leave. */
export interface OutgoingMessage extends AskedMessage, Written {
  /** Its id in the ledger, which is that of its code; one of its own for a message without a code to be used. */
  id?: string
  /**
   * Makes and stores a code for another message, when the one before may have left; undefined where a second one is good
   * for nothing any more.
   */
  secondCode?(): Promise<string | undefined>
  /** For a test identity: written down, but no request leaves. */
  unsent?: boolean
}

/** `unconfirmed`: the request left but no answer came; the message may arrive. */
export type Outcome = 'accepted' | 'unconfirmed'

/**
 * What the caller stores along with a delivery. It is stored at the same time as the delivery's own record, so
 * that both wait for the disk only once.
 */
export interface Along {
  /** The money that is reserved for the message; undefined where nobody counts that. */
  spending?: Spending | undefined
  /** Must have resolved before the message leaves. */
  before?: Promise<void>
  /** Done when the message is out, or may be. When it fails, the message is out all the same. */
  after?(): Promise<void>
  /** The message's places at the providers; without them, all of them are asked. */
  turns?: Pick<Turns, 'take' | 'free'>
}
