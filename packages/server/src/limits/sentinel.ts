import { newId } from '../crypto/chance.ts'
import { type Keys, mac } from '../crypto/keys.ts'
import { type Along, changeAlong } from '../db/along.ts'
import type { Database } from '../db/database.ts'
import { networkOf } from '../http/network.ts'
import { ApiError } from '../refusals/refusal.ts'
import type { Budget, SentinelPolicy } from './budget.ts'
import type { LimitsRoom } from './room.ts'
import type { FailureRow } from './store.ts'
import * as store from './store.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** Stands for everybody's passwords among the marks of clients. */
const PASSWORDS = 'passwords'

/** Who tries, as far as that can be told apart from others who try the same identifier. */
export interface Client {
  address?: string | undefined
  /** The interaction that it is in. */
  interaction?: string | undefined
  /** The browser, when it signed in before with the account that has the identifier. */
  device?: string | undefined
}

/** A check of a password or a code, when its outcome is known. */
export interface Attempt {
  kind: 'password' | 'code'
  succeeded: boolean
  client?: Client
  /** The message that brought the code: it was sent to the identifier and not refused. */
  message?: string | undefined
}

/** Whose failures the block is for: those of the client alone, or those of everybody, with passwords or codes. */
export type BlockedBy = 'client' | 'passwords' | 'codes'

/** Says what is written in the transaction in which a block begins. */
export type BlockBegins = (by: BlockedBy) => Promise<Along<true>>

/** The refusal of an attempt, right or wrong. */
export class Blocked extends ApiError {
  readonly by: BlockedBy
  /** True for the attempt with which the block begins. */
  readonly begins: boolean

  constructor(by: BlockedBy, seconds: number, { begins = false } = {}) {
    super('session.verification_blocked_too_many_attempts', { values: { seconds } })
    this.by = by
    this.begins = begins
  }
}

/** What comes of an attempt. */
type Verdict =
  /** `left`: tries of the code, where they are fewer than its policy says. */
  | { is: 'taken'; lane: Attempt['kind'] | 'device'; left?: number }
  /** `begins`: what is blocked from now on. */
  | { is: 'blocked'; by: BlockedBy; until: number; begins?: string[] }
  | { is: 'spent' }

type Own = Pick<FailureRow, 'address' | 'visit' | 'device' | 'message'>

const count = (rows: FailureRow[], is: (row: FailureRow) => boolean) => rows.filter(is).length

/** @param rows the failures of the last hour but for this one */
function judge(
  { kind, succeeded }: Attempt,
  own: Own,
  rows: FailureRow[],
  blocks: Map<string, number>,
  { common, reserve, devices, perDevice, perMessage }: Budget,
  { now, duration }: { now: number; duration: number },
): Verdict {
  const isDevice = own.device !== ''
  const addressBlock = isDevice ? 0 : (blocks.get(own.address) ?? 0)
  const isOwn = (row: FailureRow) => {
    if (own.visit !== '' && row.visit === own.visit) return true
    // Once an address is blocked, its failures say nothing of another visit from there.
    return isDevice ? row.device === own.device : addressBlock === 0 && row.address === own.address
  }
  const counted = succeeded ? 0 : 1
  if (count(rows, isOwn) + counted > common) {
    const begins = [own.address, own.visit, own.device].filter(mark => mark !== '')
    // Where a single failure blocks, every client would have one; so the first is everybody's.
    if (common === 0 && kind === 'password') begins.push(PASSWORDS)
    return { is: 'blocked', by: 'client', until: now + duration, begins }
  }

  const inLane = (lane: FailureRow['lane']) => (row: FailureRow) => row.lane === lane || row.lane === 'trying'
  const passwords = count(rows, inLane('password'))
  const codes = count(rows, inLane('code'))
  const room = passwords + codes < common + reserve
  const known = (): boolean =>
    isDevice &&
    count(rows, inLane('device')) < devices &&
    count(rows, row => inLane('device')(row) && row.device === own.device) < perDevice

  if (kind === 'password') {
    const everyone = blocks.get(PASSWORDS) ?? 0
    const isOpen = addressBlock === 0 && everyone === 0
    if (isOpen && room && passwords + counted <= common) return { is: 'taken', lane: kind }
    if (known()) return { is: 'taken', lane: 'device' }
    if (addressBlock > 0) return { is: 'blocked', by: 'client', until: addressBlock }
    if (everyone > 0) return { is: 'blocked', by: 'passwords', until: everyone }
    return { is: 'blocked', by: 'passwords', until: now + duration, begins: [PASSWORDS] }
  }

  if (addressBlock === 0 && passwords + codes <= common) return { is: 'taken', lane: kind }
  const isOpen = own.message !== '' && room && codes < Math.max(common, reserve)
  const left = perMessage - count(rows, row => row.message === own.message) - 1
  if (isOpen && left >= 0) return { is: 'taken', lane: kind, left }
  if (known()) return { is: 'taken', lane: 'device' }
  // Whoever asks for another code has tries again.
  if (isOpen) return { is: 'spent' }
  if (addressBlock > 0) return { is: 'blocked', by: 'client', until: addressBlock }
  return { is: 'blocked', by: 'codes', until: Math.min(now, ...rows.map(({ at }) => at)) + HOUR }
}

/** How an attempt is judged, and who hears when a block begins. */
interface Rules {
  policy: SentinelPolicy
  budget: Budget
  /** The identifier, as operators may see it. */
  shown: string
  begins?: BlockBegins | undefined
}

/** The keyed hashes by which the failures of one client are known again. */
function marksOf(
  keys: Keys,
  key: string,
  { client: { address, interaction, device } = {}, message }: Attempt,
): Own {
  const mark = (what: string, value: string | undefined) =>
    value === undefined ? '' : mac(keys.lookup, what, key, value)
  return {
    address: mark('address', networkOf(address)),
    visit: mark('visit', interaction),
    device: mark('device', device),
    message: mark('message', message),
  }
}

/** @throws Blocked when a block that began before is in the way of this client, whatever it brings */
function requireNoBlock({ kind }: Attempt, own: Own, blocks: Map<string, number>, now: number): void {
  const require = (by: BlockedBy, ...marks: string[]) => {
    const until = Math.max(0, ...marks.map(mark => blocks.get(mark) ?? 0))
    if (until > 0) throw new Blocked(by, secondsTo(until, now))
  }
  require('client', own.visit, own.device)
  if (kind !== 'password' || own.device !== '') return
  require('client', own.address)
  require('passwords', PASSWORDS)
}

const secondsTo = (until: number, now: number) => Math.ceil((until - now) / 1000)

/**
 * Counts the outcome of a check, and refuses when the identifier is or becomes blocked for this client, right or
 * wrong. An attempt that is refused is no failure that counts for the client.
 *
 * `Budget` says how often somebody may fail.
 *
 * @example await reportAttempt(room, key, { kind: 'code', succeeded: false }, { policy, budget, shown: '+86 138****0000' })
 *
 * @returns how many tries the code has left, where they are fewer than its policy says
 * @throws Blocked `session.verification_blocked_too_many_attempts`
 * @throws ApiError `verification_code.exceed_max_try` when only another code helps
 */
export async function reportAttempt(
  room: LimitsRoom,
  key: string,
  attempt: Attempt,
  { policy: { lockoutDuration = 60 }, budget, shown, begins }: Rules,
): Promise<{ left?: number | undefined }> {
  const { db, world } = room
  const { succeeded, kind } = attempt
  const own = marksOf(room.keys, key, attempt)
  const now = world.now()
  const since = now - HOUR
  // A right answer writes nothing in between.
  const standing = succeeded ? await store.standing(db, key, { now, since }) : undefined
  const blocks = standing?.blocks ?? (await store.blocks(db, key, now))
  requireNoBlock(attempt, own, blocks, now)

  const id = newId(world.random)
  // Counted after it is written: of parallel guesses none can slip by. Where it is not clear yet as what it counts, it
  // counts as everything.
  const lane = own.device === '' ? kind : 'trying'
  if (!succeeded) await store.addFailure(db, { id, lane, at: now, ...own }, key)
  const failures = standing?.failures ?? (await store.failures(db, key, since))
  const rows = failures.filter(row => row.id !== id)
  const verdict = judge(attempt, own, rows, blocks, budget, { now, duration: lockoutDuration * MINUTE })
  if (verdict.is === 'taken') {
    if (!succeeded && verdict.lane !== lane) await store.setLane(db, id, verdict.lane)
    return { left: verdict.left }
  }
  if (!succeeded) await store.deleteFailure(db, id)
  if (verdict.is === 'spent') throw new ApiError('verification_code.exceed_max_try')
  if (verdict.begins) await block(room.db, key, { ...verdict, marks: verdict.begins, shown, now }, begins)
  throw new Blocked(verdict.by, secondsTo(verdict.until, now), { begins: verdict.begins !== undefined })
}

/** A block that begins. */
interface Blocking {
  by: BlockedBy
  marks: string[]
  until: number
  shown: string
  now: number
}

/** Begins a block, and writes what tells of it in the same transaction. */
async function block(
  db: Database,
  key: string,
  { by, marks, until, shown, now }: Blocking,
  begins: BlockBegins | undefined,
): Promise<void> {
  await changeAlong(db, await begins?.(by), async on => {
    await store.block(on, key, marks, { shown, blocked_by: by, began_at: now, until })
    return true as const
  })
}
