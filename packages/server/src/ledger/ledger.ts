import type { Keys } from '../crypto/keys.ts'
import type { Database } from '../db/database.ts'
import type { World } from '../world.ts'
import {
  attemptsToAsk,
  claimAttempt,
  endUnasked,
  endWithoutReceipt,
  type NoReceipt,
  type Unreceipted,
} from './asking.ts'
import { type CompareFilter, firstMessages } from './compared.ts'
import { conversionsOf } from './conversions.ts'
import { endedAttempts } from './ended.ts'
import { exportMessages } from './export.ts'
import { countHour, countToAsk } from './hour.ts'
import { attemptsLately } from './lately.ts'
import { readLeft } from './left.ts'
import { type ListFilter, listMessages } from './list.ts'
import { countNoted, countUsedNoted } from './noted.ts'
import { countPeople, greedyDevices, oldestMessage, type Span } from './people.ts'
import { matchLate, receive, type Told, undelivered } from './receiving.ts'
import { countRefusals } from './refusals.ts'
import { createRefused } from './refused.ts'
import type { AskedMessage, ConnectorOf, FraudNote, LedgerRoom, Scene } from './room.ts'
import { createSettling } from './settling.ts'
import { type SpentFilter, spentOn } from './spent.ts'
import { ledgerStore } from './store.ts'
import { type SummedBy, type SumsFilter, sumAttempts } from './sums.ts'

import { countUsed, type UsedOf } from './used.ts'
import {
  beginAttempt,
  endAttempt,
  type NewAttempt,
  type NewMessage,
  type Outcome,
  withhold,
} from './writing.ts'

export type { NoReceipt, Unreceipted } from './asking.ts'
export type { Place } from './conversions.ts'
export type { Told } from './receiving.ts'
export type { AskedMessage, Asker, FraudNote, HeardReceipt, RefusalReason, WhichCode } from './room.ts'
export type { NewAttempt, NewMessage, Outcome } from './writing.ts'

const DAY = 24 * 60 * 60_000

/** What the ledger needs of others. */
export interface LedgerNeeds {
  db: Database
  keys: Keys
  world: World
  /** Milliseconds for one message, retries included. */
  timeout: number
  keepDays: number
  connectorOf: ConnectorOf
  /** What is known of the request that is under way: who called. */
  scene?(): Scene
  /** Keeps what messages came to and cost before they are forgotten. */
  keepSums?: ((tx: Database, before: number) => Promise<void>) | undefined
  /** Hears what became of attempts. */
  heard?: LedgerRoom['heard']
}

/**
 * Keeps what became of every message: who asked, what was decided and why, each attempt, and whether the code was used.
 * One function a use case.
 *
 * @example
 * await ledger.begin(message, attempt, issued.stored)
 * await ledger.end(attempt, { ids: { bizId: '900619746936498440^0' } })
 */
export function createLedger({
  db,
  timeout,
  keepDays,
  keepSums,
  scene = () => ({}),
  ...others
}: LedgerNeeds) {
  const { world } = others
  const room: LedgerRoom = { ...others, scene, store: ledgerStore(db) }
  const settling = createSettling(room.store, world, timeout)
  const refused = createRefused(room)

  return {
    begin: (message: NewMessage, attempt: NewAttempt, before?: Promise<void>) =>
      beginAttempt(room, message, attempt, before),
    withhold: (message: NewMessage, before?: Promise<void>) => withhold(room, message, before),
    /**
     * Notes of an attempt that is under way and silent that its message may have left, before another one leaves. Its own
     * outcome is written when it comes.
     */
    hedged: ({ id }: Pick<NewAttempt, 'id'>) => room.store.hedge(id),
    end: (attempt: NewAttempt, outcome: Outcome, along?: () => Promise<void>) =>
      endAttempt(room, settling, attempt, outcome, along),
    /** Takes what a provider tells of messages. */
    receive: (told: Told) => receive(room, told),
    /** Gives receipts that came before their attempts were known to these. */
    matchLate: () => matchLate(room),
    /** The attempts of a connection whose provider is to be asked now. */
    toAsk: (connectionId: string, limit: number) => attemptsToAsk(room, connectionId, limit),
    claim: (attempt: Unreceipted, lease: number) => claimAttempt(room, attempt, lease),
    askAgain: async ({ id }: Unreceipted, at: number): Promise<void> => {
      await room.store.askAgain(id, at)
    },
    endWithoutReceipt: (attempt: Unreceipted, reason: NoReceipt) => endWithoutReceipt(room, attempt, reason),
    /** Says why a message was not delivered, as far as that helps who waits for it. */
    undelivered: (messageId: string) => undelivered(room, messageId),
    /** What became of codes that went out over a connection, for its provider. */
    conversions: (of: Parameters<typeof conversionsOf>[1]) => conversionsOf(db, of),
    /** How many messages of one recipient, network or prefix were used, of those that were asked for since a moment. */
    used: (of: UsedOf, since: number) => countUsed(db, of, since),
    /** The newest messages that have left since a moment, the oldest of them first, in parts. */
    left: readLeft.bind(null, db),
    /** How many people were sent codes in a span of time and used one, by what their messages have in common. */
    people: (span: Span) => countPeople(db, span),
    /** The passes of browsers in which codes for many people were asked for that nobody used. */
    greedy: (span: Parameters<typeof greedyDevices>[1]) => greedyDevices(db, span),
    /** How many messages with a note were used, of those that somebody on a page asked for since a moment. */
    usedNoted: (note: FraudNote, since: number) => countUsedNoted(db, note, since),
    /** When the oldest message was asked for that is not forgotten. */
    oldest: () => oldestMessage(db),
    /** What became of the messages that findings of the fraud guard were noted with. */
    noted: (ids: readonly string[]) => countNoted(db, ids),
    /** Counts a message that was refused or suppressed; nobody waits for it. */
    notSent: refused.add,
    /** What became of the newest attempts to reach a recipient for a purpose. */
    lately: (message: Pick<AskedMessage, 'recipient' | 'usageType'>, within: number) =>
      attemptsLately(room, message, within),
    /** What became of messages, newest first, with all that this node knows of. */
    async list(filter: ListFilter, page: { size: number; offset: number }) {
      await refused.flush()
      return listMessages(room, filter, page)
    },
    /** The same as a table in CSV. */
    async export(filter: ListFilter) {
      await refused.flush()
      return exportMessages(room, filter)
    },
    /** What was refused within the last seven days, by reason. */
    async refusals() {
      await refused.flush()
      return countRefusals(db, world.now())
    },
    /** What became of the newest messages of the last hour, by channel. */
    hour: () => countHour(db, world.now()),
    /** How many attempts wait for their provider to be asked, as far as it is their turn. */
    waitingToAsk: () => countToAsk(db, world.now()),
    /** Sums up what attempts came to and cost. */
    sums: (by: SummedBy, filter: SumsFilter) => sumAttempts(db, by, filter),
    /** What attempts were counted for when they left, and what they cost. */
    spent: (filter: SpentFilter) => spentOn(db, filter),
    keepSums,
    /** How the attempts over a connection ended that began since a moment, or that they are silent. */
    ended: (connectionId: string, since: number) =>
      endedAttempts(db, connectionId, since, { now: world.now(), timeout }),
    /**
     * Attempts that a dead process left behind are ended as unconfirmed, and the operator sees them; outcomes that could
     * not be stored before are stored.
     */
    recover: settling.settle,
    /** Does the same now and then while the process runs. */
    start: settling.start,
    /** Writes what nobody has waited for, as far as the database is there. */
    settled: refused.flush,
    async stop(): Promise<void> {
      await settling.stop()
      await refused.close()
    },
    /** What became of messages by the connection that was asked first. */
    firstMessages: (filter: CompareFilter) => firstMessages(db, filter),
    /** Forgets messages that are older than they are kept. */
    async purge(): Promise<void> {
      const before = world.now() - keepDays * DAY
      await endUnasked(room)
      await room.store.purgeReceipts(before, world.now() - DAY)
      await room.store.purge(before, keepSums)
    },
  }
}

export type Ledger = ReturnType<typeof createLedger>
