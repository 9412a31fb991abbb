import { setTimeout as sleep } from 'node:timers/promises'
import type { Receipt } from '@countersign/kit'
import { parseConfig } from '../connections/configuration.ts'
import type { Connection, KeptConnection } from '../connections/room.ts'
import { nowAndThen } from '../db/now-and-then.ts'
import { patiently } from '../db/patience.ts'
import { describeError } from '../http/errors.ts'
import type { Unreceipted } from '../ledger/ledger.ts'
import type { ReceiptsRoom } from './room.ts'

/** How often each node looks whether somebody is to be asked. */
const LOOK_EVERY = 2000

/**
 * Questions to one connection's cloud each time that a node looks. The clouds for text messages take thousands a second; of
 * Direct Mail nobody knows, so it gets one a second.
 */
const MOST_AT_A_LOOK = { sms: 40, email: 2 } as const

/** Questions to one cloud at the same time. */
const MOST_AT_ONCE = 10

/** Milliseconds for one question. */
const FOR_ONE = 4000

/** Milliseconds for which a node has claimed an attempt; when it has died, another one asks then. */
const LEASE = 60_000

/** Milliseconds before a cloud is asked first, and between the last questions. */
const FIRST = 10_000
const LAST = 60 * 60_000

/** Milliseconds for which a cloud that cannot be asked is left alone, the first time and at most. */
const REST = 15_000
const LONGEST_REST = 10 * 60_000

/**
 * When a cloud is asked again about a message: in ever longer intervals while its code is good, once when that ends, and
 * once an hour later; undefined afterwards.
 *
 * @example nextAsk({ sentAt: 0, now: 40_000, validity: 600_000 }) // 80000
 */
export function nextAsk({
  sentAt,
  now,
  validity,
}: {
  sentAt: number
  now: number
  validity: number
}): number | undefined {
  const age = now - sentAt
  if (age < validity) return sentAt + Math.min(validity, Math.max(2 * age, FIRST))
  return age < validity + LAST ? sentAt + validity + LAST : undefined
}

/** Leaves clouds alone that cannot be asked, by their connections: for longer each time, until one answers again. */
function createRests(now: () => number) {
  const resting = new Map<string, { until: number; length: number }>()
  const until = (id: string) => resting.get(id)?.until ?? 0
  return {
    until,
    has: (id: string) => until(id) > now(),
    begin(id: string): void {
      const length = Math.min(2 * (resting.get(id)?.length ?? REST / 2), LONGEST_REST)
      resting.set(id, { until: now() + length, length })
    },
    end: (id: string) => resting.delete(id),
  }
}

/** Asks clouds about the messages of which nobody has told us what became of them. */
export function createAsking(room: ReceiptsRoom) {
  const { connections, ledger, world } = room
  const busy = new Map<string, Promise<void>>()
  const rests = createRests(world.now)
  let stopped = false

  /** What a cloud says of an attempt; null where its answer does not tell, and undefined where it cannot be asked. */
  async function pulled(
    { connector, config, id }: Connection,
    asked: Parameters<NonNullable<NonNullable<Connection['connector']['receipts']>['pull']>>[0],
  ): Promise<readonly Receipt[] | null | undefined> {
    const { fetch, now, random } = world
    try {
      const settings = parseConfig(connector, config) as never
      const receipts = await connector.receipts!.pull!(asked, settings, {
        fetch,
        now,
        random,
        deadline: FOR_ONE,
      })
      rests.end(id)
      return receipts ?? null
    } catch (error) {
      rests.begin(id)
      const { failure, code } = error as { failure?: string; code?: string }
      world.log('warn', 'provider not asked for receipts', {
        connector: connector.id,
        ...(failure !== undefined ? { failure } : { error: describeError(error) }),
        ...(code !== undefined && { providerCode: code }),
      })
      return undefined
    }
  }

  async function ask(connection: Connection, attempt: Unreceipted, validity: number): Promise<void> {
    const asked = await ledger.claim(attempt, LEASE)
    if (!asked) return
    const { id, connector } = connection
    const next = nextAsk({ sentAt: attempt.sentAt, now: world.now(), validity })
    if (!connector.receipts?.pull) {
      // It would have told by itself.
      if (next === undefined) await ledger.endWithoutReceipt(attempt, 'no_receipt')
      else await ledger.askAgain(attempt, attempt.sentAt + validity + LAST)
      return
    }
    const receipts = await pulled(connection, asked)
    if (receipts === undefined) return ledger.askAgain(attempt, Math.max(next ?? 0, rests.until(id)))
    const about = (receipts ?? []).map(receipt => ({ ...receipt, attemptId: attempt.id }))
    await ledger.receive({ connectionId: id, connector: connector.id, via: 'pull', receipts: about })
    if (about.some(({ state }) => state !== 'pending')) return
    if (next !== undefined) await ledger.askAgain(attempt, next)
    else
      await ledger.endWithoutReceipt(attempt, receipts?.length === 0 ? 'unknown_to_provider' : 'no_receipt')
  }

  /** Asks about what is due of one connection, some at the same time. */
  async function askAll(kept: KeptConnection, due: readonly Unreceipted[], validity: number): Promise<void> {
    const connection = await connections.get(kept.id)
    for (let from = 0; from < due.length && !stopped && !rests.has(kept.id); from += MOST_AT_ONCE)
      await Promise.all(due.slice(from, from + MOST_AT_ONCE).map(each => ask(connection, each, validity)))
  }

  const failed = (error: unknown) =>
    world.log('error', 'receipts not asked for', { error: describeError(error) })

  async function look(): Promise<void> {
    await ledger.matchLate()
    const validity = await room.validity()
    for (const connection of await connections.list()) {
      const { id, channel, connector } = connection
      if (!connector.receipts || busy.has(id) || rests.has(id)) continue
      const due = await ledger.toAsk(id, MOST_AT_A_LOOK[channel])
      if (due.length === 0) continue
      const work = askAll(connection, due, validity)
        .catch(error => {
          // Its keys cannot be opened, or the database is away.
          rests.begin(id)
          failed(error)
        })
        .finally(() => busy.delete(id))
      busy.set(id, work)
    }
  }

  /** Looks once, and waits for the answers. */
  async function once(): Promise<void> {
    await patiently(look)
    await Promise.all(busy.values())
  }

  const looks = nowAndThen(look, LOOK_EVERY, failed)

  return {
    once,
    /** Asks while the process runs. Every node does; each attempt is asked about by one. */
    start: looks.start,
    /** Asks nothing more; what was asked is waited for, but not for a cloud that is silent. */
    async stop(): Promise<void> {
      stopped = true
      const underWay = Promise.all([looks.stop(), ...busy.values()])
      await Promise.race([underWay, sleep(FOR_ONE + 500, undefined, { ref: false })])
    },
  }
}
