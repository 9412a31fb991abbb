import { MOVE_STEPS, type Move } from '@countersign/api'
import { issue } from '../connections/changing.ts'
import type { KeptConnection } from '../connections/room.ts'
import type { Database } from '../db/database.ts'
import { ApiError } from '../refusals/refusal.ts'
import { decide, type Figures, figuresOf, shareAfter } from './decide.ts'
import { evidenceOf } from './evidence.ts'
import { createMoving } from './moving.ts'
import { type Change, changed, isPlaced, type MovesRoom, othersOf, placeOf } from './room.ts'
import { type MoveRow, moveStore } from './store.ts'

/** Somebody else changed the same move meanwhile. */
class Outrun extends Error {}

/** So often it is tried again when somebody else was faster. */
const MOST_TRIES = 3

/**
 * Changes a move, and with it the share and place of its connection: both or neither.
 *
 * @throws Outrun when the move is another one by now
 */
async function carryOut(
  room: MovesRoom,
  id: string,
  before: MoveRow | undefined,
  change: Change,
  /** Looks once more while nobody else changes a connection. */
  check?: (rows: readonly MoveRow[]) => void,
): Promise<MoveRow> {
  const { audit, connections, world } = room
  const row = changed(before, change, { id, now: world.now() })
  const write = async (tx?: Database) => {
    if (tx) check?.(await moveStore(tx).list())
    if (!(await (tx ? moveStore(tx) : room.store).write(row, before))) throw new Outrun()
  }
  const moves = before?.share !== change.share || change.reason === 'begun'
  if (moves) await connections.place(id, placeOf(change.share), { write })
  else await write()
  // What operators and back ends do stands in the audit log by itself.
  if (change.by === null) {
    const { share, reason, state, figures } = change
    audit.record('Move.Step', {
      connectionId: id,
      from: before?.share ?? 0,
      to: share,
      state,
      reason,
      figures,
    })
  }
  return row
}

/** Reads, changes and answers; again when somebody else was faster. */
async function changing(room: MovesRoom, work: () => Promise<MoveRow>): Promise<Move> {
  for (let tries = 1; ; tries += 1)
    try {
      return await shown(room, await work(), await room.connections.list())
    } catch (error) {
      if (!(error instanceof Outrun) || tries === MOST_TRIES) throw error
    }
}

const NONE: Figures = { sent: 0, failed: 0, counted: 0, verified: 0, expected: null }

/** A move as operators see it. */
async function shown(room: MovesRoom, row: MoveRow, all: readonly KeptConnection[]): Promise<Move> {
  const connection = all.find(({ id }) => id === row.connection_id)
  const history = JSON.parse(row.history) as Move['history']
  const isUnderWay = row.state === 'moving' || row.state === 'stopped'
  const evidence = isUnderWay && connection ? await evidenceOf(room, row, connection, all) : undefined
  const decision = evidence && row.state === 'moving' ? decide(row.share, evidence) : undefined
  return {
    connectionId: row.connection_id,
    state: row.state as Move['state'],
    share: row.share,
    since: row.since,
    figures: evidence ? figuresOf(evidence) : (history[0]?.figures ?? NONE),
    waitsFor: decision?.do === 'wait' ? decision.for : null,
    history,
  }
}

/** Why no move to a connection can begin; undefined when it can. */
function obstacle(connection: KeptConnection, all: readonly KeptConnection[], rows: readonly MoveRow[]) {
  if (!connection.enabled) return 'is switched off: switch it on first'
  if (othersOf(connection, all).length === 0) return 'is the only connection of its channel that is on'
  const inChannel = (id: string) => all.some(each => each.id === id && each.channel === connection.channel)
  const busy = rows.find(
    row => row.state === 'moving' && row.connection_id !== connection.id && inChannel(row.connection_id),
  )
  if (busy) return `must wait: messages are being moved to ${busy.connection_id}; stop or undo that first`
  return isPlaced(connection, all, 100) ? 'gets the messages first already' : undefined
}

/**
 * Begins to move messages to a connection, at the share where it was stopped, or at the first.
 *
 * @throws ApiError `guard.invalid_input`, `entity.not_found`
 * @example await beginMove(room, connectionId, operatorId)
 */
export const beginMove = (room: MovesRoom, id: string, by: string): Promise<Move> =>
  changing(room, async () => {
    const all = await room.connections.list()
    const connection = all.find(each => each.id === id)
    if (!connection) throw issue('connectionId', 'names no connection')
    const rows = await room.store.list()
    const before = rows.find(row => row.connection_id === id)
    if (before?.state === 'moving') return before
    const check = (now: readonly MoveRow[]) => {
      const why = obstacle(connection, all, now)
      if (why) throw issue('connectionId', why)
    }
    check(rows)
    const goesOn = before?.state === 'stopped' && before.share > 0 && isPlaced(connection, all, before.share)
    const share = goesOn ? before.share : MOVE_STEPS[0]
    const change = { state: 'moving', share, reason: 'begun', by, figures: null } as const
    return carryOut(room, id, before, change, check)
  })

/** A move that somebody wants to change. @throws ApiError `entity.not_found` */
async function rowOf(room: MovesRoom, id: string): Promise<MoveRow> {
  const row = await room.store.byId(id)
  if (!row) throw new ApiError('entity.not_found')
  return row
}

/** @throws ApiError `entity.invalid_input` unless the move is in one of these states */
function requireState({ state }: MoveRow, ...states: Move['state'][]): void {
  if (!states.includes(state as Move['state'])) throw new ApiError('entity.invalid_input')
}

/** What is known of a move at the moment of a change. */
async function figuresNow(room: MovesRoom, row: MoveRow): Promise<Figures | null> {
  const all = await room.connections.list()
  const connection = all.find(({ id }) => id === row.connection_id)
  return connection ? figuresOf(await evidenceOf(room, row, connection, all)) : null
}

/**
 * Takes the next step at once, whatever the figures say; after the last one the move is done.
 *
 * @throws ApiError `entity.not_found`, `entity.invalid_input` for a move that is over
 * @example await takeStep(room, connectionId, operatorId)
 */
export const takeStep = (room: MovesRoom, id: string, by: string): Promise<Move> =>
  changing(room, async () => {
    const row = await rowOf(room, id)
    requireState(row, 'moving', 'stopped')
    const after = shareAfter(row.share)
    const figures = await figuresNow(room, row)
    const state = after === undefined ? 'done' : 'moving'
    return carryOut(room, id, row, { state, share: after ?? row.share, reason: 'faster', by, figures })
  })

/**
 * Stops a move: the share stays.
 *
 * @throws ApiError `entity.not_found`, `entity.invalid_input` for a move that is over
 * @example await stopMove(room, connectionId, operatorId)
 */
export const stopMove = (room: MovesRoom, id: string, by: string): Promise<Move> =>
  changing(room, async () => {
    const row = await rowOf(room, id)
    requireState(row, 'moving', 'stopped')
    if (row.state === 'stopped') return row
    const figures = await figuresNow(room, row)
    return carryOut(room, id, row, { state: 'stopped', share: row.share, reason: 'stopped', by, figures })
  })

/**
 * Undoes a move, also one that is done: the connection stands behind all others.
 *
 * @throws ApiError `entity.not_found`, `entity.invalid_input` for one that is back at the start
 * @example await undoMove(room, connectionId, operatorId)
 */
export const undoMove = (room: MovesRoom, id: string, by: string): Promise<Move> =>
  changing(room, async () => {
    const row = await rowOf(room, id)
    requireState(row, 'moving', 'stopped', 'done')
    const figures = await figuresNow(room, row)
    return carryOut(room, id, row, { state: 'undone', share: 0, reason: 'undone', by, figures })
  })

/**
 * Lists the moves of connections that there are, the latest first.
 *
 * @example await listMoves(room)
 */
export async function listMoves(room: MovesRoom): Promise<Move[]> {
  const all = await room.connections.list()
  const rows = (await room.store.list()).filter(row => all.some(({ id }) => id === row.connection_id))
  return Promise.all(rows.map(row => shown(room, row, all)))
}

/**
 * Looks at a move and does what its figures ask for. Of several nodes that look at once, one carries it out.
 *
 * @example await lookAt(room, row)
 */
export async function lookAt(room: MovesRoom, row: MoveRow): Promise<void> {
  const id = row.connection_id
  const all = await room.connections.list()
  const connection = all.find(each => each.id === id)
  const end = (reason: 'off' | 'changed') =>
    carryOut(room, id, row, { state: 'stopped', share: row.share, reason, by: null, figures: null })
  try {
    if (!connection?.enabled) return void (await end('off'))
    if (!isPlaced(connection, all, row.share)) return void (await end('changed'))
    const evidence = await evidenceOf(room, row, connection, all)
    const decision = decide(row.share, evidence)
    if (decision.do === 'wait') return
    const figures = figuresOf(evidence)
    if (decision.do === 'end')
      await carryOut(room, id, row, {
        state: 'done',
        share: row.share,
        reason: 'as_good',
        by: null,
        figures,
      })
    else {
      const { share, because: reason } = decision
      const state = share === 0 ? 'fallen' : 'moving'
      await carryOut(room, id, row, { state, share, reason, by: null, figures })
    }
  } catch (error) {
    // Somebody has decided otherwise meanwhile.
    if (!(error instanceof Outrun)) throw error
  }
}

/**
 * Moves messages to another connection step by step, and back when that one is worse. One function a use case.
 *
 * @example
 * const moves = createMoves({ db, world, connections, ledger, audit, rests })
 * moves.start()
 */
export function createMoves({ db, ...others }: Omit<MovesRoom, 'store'> & { db: Database }) {
  const room: MovesRoom = { ...others, store: moveStore(db) }
  return {
    list: () => listMoves(room),
    begin: (id: string, by: string) => beginMove(room, id, by),
    step: (id: string, by: string) => takeStep(room, id, by),
    stopAt: (id: string, by: string) => stopMove(room, id, by),
    undo: (id: string, by: string) => undoMove(room, id, by),
    ...createMoving(room, row => lookAt(room, row)),
  }
}

export type Moves = ReturnType<typeof createMoves>
