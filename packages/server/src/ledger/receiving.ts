import type { Receipt, ReceiptAdvice } from '@countersign/kit'
import { newId } from '../crypto/chance.ts'
import { type Keys, mac } from '../crypto/keys.ts'
import { recipientKey } from '../crypto/recipient-key.ts'
import { seal } from '../crypto/seal.ts'
import { oneSpelling } from '../identifiers/one-spelling.ts'
import { keptSegments, providerKeys, stored } from './kept.ts'
import { detailContext, type LedgerRoom } from './room.ts'
import type { Fate, MatchRow, ReceiptRow } from './rows.ts'
import type { ReceiptStore } from './store.ts'

/** Receipts that are taken of one request; providers put a hundred into one. */
export const MOST_AT_ONCE = 1000

/** So many are read and written together. */
const BATCH = 100

/** Receipts that are kept of one attempt. Providers send two or three; what says something new again and again is forged. */
export const MOST_OF_ONE = 20

/** Receipts of a connection that wait for their attempt. An account that others use too brings many that never find one. */
export const MOST_WAITING = 2000

/** Characters of a provider's words. */
const MOST_WORDS = 500

/** A moment further away than this is none that a provider meant. */
const LONGEST_AGE = 40 * 24 * 60 * 60_000

/** What a provider told. */
export interface Told {
  connectionId: string
  /** Whose receipts they are: one account may serve several connections of a connector. */
  connector: string
  via: 'push' | 'pull'
  receipts: readonly Receipt[]
}

/** A receipt as it can be compared and stored. */
interface Read {
  receipt: Receipt
  keys: string[]
  attemptRef: string | null
  to: string | null
}

/** Recipients as providers write them: with or without country code, which eleven digits do not tell for certain. */
function keysOf({ keys }: LedgerRoom, to: string): string[] {
  const spellings = new Set([oneSpelling(to), ...(to.includes('@') ? [] : [oneSpelling(`+${to}`)])])
  return [...spellings].map(spelling => recipientKey(keys, spelling))
}

const read = (connector: string, receipt: Receipt): Read => ({
  receipt,
  keys: providerKeys(connector, receipt.ids),
  attemptRef: stored(receipt.attemptId, 100),
  to: stored(receipt.to, 320),
})

/** The attempt that a receipt is about: by our own id, else by the provider's; several of one id differ in the recipient. */
function attemptOf(
  room: LedgerRoom,
  { attemptRef, keys, to }: Read,
  rows: readonly MatchRow[],
): MatchRow | undefined {
  const own = rows.find(({ id }) => id === attemptRef)
  if (own) return own
  const named = rows.filter(({ provider_key: key }) => key !== null && keys.includes(key))
  if (named.length < 2 || to === null) return named.length === 1 ? named[0] : undefined
  const meant = named.filter(({ recipient_key: key }) => key !== null && keysOf(room, to).includes(key))
  return meant.length === 1 ? meant[0] : undefined
}

/** What a provider says may quote the message, so nothing of it stays that could be a code, a number or an address. */
const harmless = (detail: string): string =>
  detail.replaceAll(/[^\s<>"'(),;:]+@[^\s<>"'(),;:]+|\d{4,}/g, '******').slice(0, MOST_WORDS)

function rowOf(
  { keys, world }: LedgerRoom,
  { connectionId, connector, via }: Told,
  { receipt, keys: named, attemptRef, to }: Read,
  attemptId: string | null,
): ReceiptRow {
  const now = world.now()
  const id = newId(world.random)
  const { state, at, segments } = receipt
  const detail = stored(receipt.detail, 20 * MOST_WORDS)
  const code = codeOf(receipt)
  const about = attemptId === null ? [attemptRef ?? '', to ?? '', ...named] : [attemptId]
  return {
    id,
    mark: markOf(keys, { connector, state, code }, about),
    attempt_id: attemptId,
    attempt_ref: attemptId === null ? attemptRef : null,
    provider_key: attemptId === null ? (named[0] ?? null) : null,
    connection_id: connectionId,
    connector,
    via,
    state,
    code,
    detail: detail === null ? null : seal(keys.seal, harmless(detail), detailContext(id)),
    at: at !== undefined && Math.abs(at - now) < LONGEST_AGE ? Math.round(at) : null,
    segments: keptSegments(segments),
    received_at: now,
  }
}

const codeOf = ({ code }: Pick<Receipt, 'code'>) => stored(code, 100)

/** What makes two receipts the same: whom they are about, and what they say. */
const markOf = (
  keys: Keys,
  { connector, state, code }: Pick<ReceiptRow, 'connector' | 'state' | 'code'>,
  about: string[],
) => mac(keys.lookup, 'receipt', connector, state, code ?? '', ...about)

/** What attempts are told by, each with its receipts in the order in which they came. */
type Tidings = [attemptId: string, receipts: readonly Pick<Receipt, 'state' | 'code' | 'segments'>[]]

/** What an attempt comes to by its receipts: the first that is final counts; undefined while none is. */
function fateOf([, receipts]: Tidings): Fate | undefined {
  const final = receipts.find(({ state }) => state !== 'pending')
  if (!final) return undefined
  const segments = keptSegments(final.segments)
  return {
    receipt: final.state === 'delivered' ? 'delivered' : 'undelivered',
    receipt_code: codeOf(final),
    // What the provider counts is what it charges.
    ...(segments !== null && { segments }),
  }
}

/** Tells attempts what they came to, all that came to the same in one statement: providers wait for their answer. */
async function tellAttempts(store: ReceiptStore, tidings: readonly Tidings[], now: number): Promise<void> {
  for (const those of Map.groupBy(tidings, each => JSON.stringify(fateOf(each))).values()) {
    const ids = those.map(([id]) => id)
    const fate = fateOf(those[0]!)
    await (fate ? store.conclude(ids, fate, now) : store.confirm(ids))
  }
}

/** Tells whoever listens of attempts that had no final receipt before. */
function tellListener(
  { heard, world }: LedgerRoom,
  { connector }: Told,
  byAttempt: ReadonlyMap<MatchRow | undefined, readonly Read[]>,
): void {
  if (!heard) return
  for (const [attempt, those] of byAttempt) {
    if (!attempt || (attempt.receipt !== null && attempt.receipt !== 'none')) continue
    const { receipt } = fateOf([attempt.id, those.map(each => each.receipt)]) ?? {}
    if (receipt !== 'delivered' && receipt !== 'undelivered') continue
    const { id: attemptId, connection_id, created_at } = attempt
    const took = Math.max(0, world.now() - created_at)
    heard({ attemptId, connectionId: connection_id ?? undefined, connector, receipt, took })
  }
}

/** Writes receipts down with the attempts that they are about, and tells these what they came to. */
async function receiveBatch(room: LedgerRoom, told: Told): Promise<void> {
  const all = told.receipts.map(receipt => read(told.connector, receipt))
  const matched = await room.store.asOne(async store => {
    const refs = [...new Set(all.flatMap(({ attemptRef }) => attemptRef ?? []))]
    const keys = [...new Set(all.flatMap(each => each.keys))]
    const attempts = await store.attemptsNamed(told.connector, refs, keys)
    const byAttempt = Map.groupBy(all, each => attemptOf(room, each, attempts))
    const rows = new Map<string, ReceiptRow>()
    const note = (each: Read, attemptId: string | null) => {
      const row = rowOf(room, told, each, attemptId)
      rows.set(row.mark, row)
    }
    const tidings: Tidings[] = []
    for (const [attempt, those] of byAttempt) {
      if (attempt) tidings.push([attempt.id, those.map(({ receipt }) => receipt)])
      const most = attempt ? Math.max(0, MOST_OF_ONE - attempt.receipts) : those.length
      for (const each of those.slice(0, most)) note(each, attempt?.id ?? null)
    }
    await tellAttempts(store, tidings, room.world.now())
    await store.insertReceipts([...rows.values()])
    if (byAttempt.has(undefined)) await store.dropWaiting(told.connectionId, MOST_WAITING)
    return byAttempt
  })
  tellListener(room, told, matched)
}

/**
 * Takes what a provider tells of messages. The same receipts may come again, in any order, and before what they are about:
 * those wait for a day.
 *
 * @example await receive(room, { connectionId, connector: 'aliyun-sms', via: 'push', receipts })
 *
 * @returns how many were too many
 */
export async function receive(room: LedgerRoom, told: Told): Promise<{ tooMany: number }> {
  const taken = told.receipts.slice(0, MOST_AT_ONCE)
  for (let from = 0; from < taken.length; from += BATCH)
    await receiveBatch(room, { ...told, receipts: taken.slice(from, from + BATCH) })
  return { tooMany: told.receipts.length - taken.length }
}

/**
 * Gives receipts that came before their attempts were known to these.
 *
 * @example await matchLate(room)
 */
export async function matchLate({ keys, store, world }: LedgerRoom): Promise<void> {
  if ((await store.waitingWithAttempt(1)).length === 0) return
  await store.asOne(async tx => {
    for (const { found, ...row } of await tx.waitingWithAttempt(BATCH)) {
      // What came again meanwhile is there already.
      await tx.deleteReceipt(row.id)
      const mark = markOf(keys, row, [found])
      await tx.insertReceipts([{ ...row, mark, attempt_id: found, attempt_ref: null, provider_key: null }])
      const { state, code, segments } = row
      const receipt = {
        state: state as Receipt['state'],
        ...(code !== null && { code }),
        ...(segments !== null && { segments }),
      }
      await tellAttempts(tx, [[found, [receipt]]], world.now())
    }
  })
}

/**
 * Says why a message was not delivered, as far as that helps who waits for it; undefined where it was, or may still be.
 *
 * @example (await undelivered(room, messageId))?.advice // 'phone_off'
 */
export async function undelivered(
  { connectorOf, store }: LedgerRoom,
  messageId: string,
): Promise<{ advice: ReceiptAdvice | undefined } | undefined> {
  const last = await store.lastUndelivered(messageId)
  if (!last) return undefined
  const codes = connectorOf(last.connector)?.receipts?.codes ?? {}
  const { receipt_code: code } = last
  return { advice: code !== null && Object.hasOwn(codes, code) ? codes[code]!.advice : undefined }
}
