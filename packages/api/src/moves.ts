import { z } from 'zod'
import { defineRoute } from './route.ts'

/** The shares that a move goes through, in percent. */
export const MOVE_STEPS = [5, 25, 50, 100] as const

/**
 * - `moving`: steps are taken as soon as the figures allow it, and taken back when they demand it.
 * - `done`: the connection is the first for everything, and has proved itself there.
 * - `stopped`: somebody stopped it, or changed the connection meanwhile; the share stays.
 * - `fallen`: it was taken back to the start by itself.
 * - `undone`: somebody took it back to the start.
 */
export const MoveState = z.enum(['moving', 'done', 'stopped', 'fallen', 'undone'])
export type MoveState = z.output<typeof MoveState>

/** Why a share was changed, or a move ended. */
export const MoveReason = z.enum([
  'begun',
  'as_good',
  'worse',
  'failing',
  'resting',
  'faster',
  'stopped',
  'undone',
  'changed',
  'off',
])
export type MoveReason = z.output<typeof MoveReason>

/** What the next step waits for. */
export const MoveWait = z.enum(['time', 'numbers', 'others', 'behind', 'failing'])
export type MoveWait = z.output<typeof MoveWait>

/** What has come of the messages of a step. */
const Figures = z.object({
  /** Messages that went over the connection first, and how many of them it could not send. */
  sent: z.int(),
  failed: z.int(),
  /** Those of them that were sent long enough ago for their codes to be used, and of how many that was done. */
  counted: z.int(),
  verified: z.int(),
  /** What part of these was to be expected by the other connections, from 0 to 1; null while nobody knows. */
  expected: z.number().nullable(),
})

const Step = z.object({
  at: z.number(),
  /** The share from then on, in percent. */
  share: z.int(),
  reason: MoveReason,
  /** The id of the operator or application that did it; null when it came by itself. */
  by: z.string().nullable(),
  /** What it was decided by. */
  figures: Figures.nullable(),
})

/** How the messages of a channel are moved to a connection step by step. */
export const Move = z.object({
  connectionId: z.string(),
  state: MoveState,
  /** Percent of messages that go over the connection first; 0: it stands behind all others. */
  share: z.int(),
  /** Since when. */
  since: z.number(),
  figures: Figures,
  /** What the next step waits for; null where none is to come. */
  waitsFor: MoveWait.nullable(),
  /** The last first. */
  history: z.array(Step),
})
export type Move = z.output<typeof Move>

const tag = 'Connections'
const auth = 'management'
const params = z.object({ id: z.string() })

/** Moves of messages to a connection, step by step; ours alone. */
export const moveRoutes = {
  listMoves: defineRoute({
    method: 'get',
    path: '/api/connection-moves',
    operationId: 'ListMoves',
    tag,
    auth,
    summary: 'List how messages are moved to connections step by step, and how they were',
    answers: { 200: z.array(Move) },
  }),
  beginMove: defineRoute({
    method: 'post',
    path: '/api/connection-moves',
    operationId: 'BeginMove',
    tag,
    auth,
    summary:
      'Begin to move messages to a connection: 5, 25, 50 and 100 %, each next share when as many codes are used as over the others, and the one before when fewer are',
    body: z.object({ connectionId: z.string().max(128) }),
    answers: { 201: Move },
  }),
  takeStep: defineRoute({
    method: 'post',
    path: '/api/connection-moves/{id}/step',
    operationId: 'TakeMoveStep',
    tag,
    auth,
    summary: 'Take the next step of a move at once, whatever the figures say',
    params,
    answers: { 200: Move },
  }),
  stopMove: defineRoute({
    method: 'post',
    path: '/api/connection-moves/{id}/stop',
    operationId: 'StopMove',
    tag,
    auth,
    summary: 'Stop a move: the share stays as it is, until the move is begun again',
    params,
    answers: { 200: Move },
  }),
  undoMove: defineRoute({
    method: 'post',
    path: '/api/connection-moves/{id}/undo',
    operationId: 'UndoMove',
    tag,
    auth,
    summary: 'Undo a move: the connection stands behind all others, which get the messages first again',
    params,
    answers: { 200: Move },
  }),
}
