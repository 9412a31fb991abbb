import { setTimeout as sleep } from 'node:timers/promises'
import type { KeptConnection } from '../connections/room.ts'
import { nowAndThen } from '../db/now-and-then.ts'
import { patiently } from '../db/patience.ts'
import { describeError } from '../http/errors.ts'
import { createReporting, FOR_ONE } from './reporting.ts'
import type { FeedbackRoom } from './room.ts'
import type { FeedbackRow } from './store.ts'

/** How often each node looks whether something is to be told. */
const LOOK_EVERY = 10_000

/** A message is told of when its code is over, or is this old: providers want to hear of it within minutes. */
const WAIT_AT_MOST = 15 * 60_000

/** For clocks of nodes that differ, and for the use of a code that is being written. */
const SLACK = 5000

/** What has not been told for so long is not told any more. */
const DROP_AFTER = 10 * 60_000

/** Messages that a node takes at once, and how often it does so each time that it looks. */
const MOST_AT_ONCE = 100
const MOST_TURNS = 10

/**
 * Takes the messages whose turn it is, and goes on behind them, so that no other node takes them; undefined where another
 * one has, or where there is none. What is taken and then not told, because this process ends, is never told.
 */
async function take({ ledger, store, world }: FeedbackRoom, row: FeedbackRow, validity: number) {
  const before = world.now() - Math.min(validity, WAIT_AT_MOST) - SLACK
  const here = { at: row.at, attemptId: row.attempt_id }
  const oldest = before - DROP_AFTER
  const after = here.at < oldest ? { at: oldest, attemptId: '' } : here
  if (after.at >= before) return undefined
  const connectionId = row.connection_id
  const found = await ledger.conversions({ connectionId, after, before, limit: MOST_AT_ONCE })
  const isFull = found.length === MOST_AT_ONCE
  const next = isFull ? found.at(-1)!.place : { at: before, attemptId: '' }
  if (!(await store.advance(connectionId, here, next))) return undefined
  return {
    // Of a code that is still good nobody knows yet that it will not be used.
    conversions: found.filter(({ usedAt }) => usedAt !== undefined || validity <= WAIT_AT_MOST),
    further: isFull ? { ...row, at: next.at, attempt_id: next.attemptId } : undefined,
  }
}

/** Tells providers whether codes were used. */
export function createTelling(room: FeedbackRoom) {
  const { connections, store, world } = room
  const reporting = createReporting(room)
  let stopped = false
  /** When the last connection is switched off, what is kept of it is still to go. */
  let mayBeKept = true

  async function lookAt({ id, connector }: KeptConnection, first: FeedbackRow, validity: number) {
    if ((first.paused_until ?? 0) > world.now()) return
    let reports = reporting.again(id)
    let inARow: number | undefined = first.streak
    let row: FeedbackRow | undefined = first
    for (let turn = 0; row && turn < MOST_TURNS && !stopped; turn += 1) {
      const taken = await take(room, row, validity)
      const due = (taken?.conversions ?? []).filter(each => connector.feedback!.takes(each))
      reports = [...reports, ...due.map(conversion => ({ conversion, tries: 0 }))]
      // Its configuration is opened only for this.
      if (reports.length > 0)
        inARow = await reporting.all(await connections.get(id), inARow, reports, () => stopped)
      if (inARow === undefined) return
      reports = []
      row = taken?.further
    }
  }

  async function look(): Promise<void> {
    const on = (await connections.list()).filter(
      ({ connector, enabled, feedback }) => enabled && feedback && connector.feedback,
    )
    if (on.length === 0 && !mayBeKept) return
    const rows = await store.all()
    const gone = rows.filter(row => !on.some(({ id }) => id === row.connection_id))
    if (gone.length > 0) await store.forget(gone.map(row => row.connection_id))
    mayBeKept = on.length > 0
    for (const connection of on) {
      const row = rows.find(each => each.connection_id === connection.id)
      if (row) await lookAt(connection, row, await room.validity()).catch(failed)
      else await store.begin(connection.id, world.now())
    }
  }

  const failed = (error: unknown) =>
    world.log('error', 'providers not told of codes', { error: describeError(error) })

  const looks = nowAndThen(look, LOOK_EVERY, failed)

  return {
    /** Looks once, and waits until all is told. */
    once: () => patiently(look),
    /** Tells while the process runs. Every node does; each message is told of by one. */
    start: looks.start,
    /** Tells nothing more; a request that is under way is waited for, but not for a cloud that is silent. */
    async stop(): Promise<void> {
      stopped = true
      await Promise.race([looks.stop(), sleep(FOR_ONE + 500, undefined, { ref: false })])
    },
  }
}
