import { setTimeout as sleep } from 'node:timers/promises'
import type { MessageEntry } from '../../packages/api/src/index.ts'
import type { InboxMessage } from '../../packages/simulators/src/index.ts'
import type { Nodes } from '../nodes.ts'
import { inParallel } from '../strangers/trial.ts'
import { type Figure, figure } from '../table.ts'
import { type Asked, type Callable, numberOf } from './callers.ts'

const PAGE = 100

/** Milliseconds after which nobody waits any longer for the ledger to settle. */
const SETTLED_WITHIN = 60_000

/** What the ledger says of each number; it shows the last four digits, in which the numbers differ. */
export type Ledger = Map<string, MessageEntry[]>

async function readLedger(nodes: Pick<Nodes, 'ask'>): Promise<MessageEntry[]> {
  const entries: MessageEntry[] = []
  for (let page = 1; ; page += 1) {
    const { status, body } = await nodes.ask(`/api/console/messages?page=${page}&page_size=${PAGE}`)
    if (status !== 200) throw new Error(`The ledger cannot be read: ${status} ${JSON.stringify(body)}`)
    const some = body as MessageEntry[]
    entries.push(...some)
    if (some.length < PAGE) return entries
  }
}

/** True for a message of which nobody knows yet what became of it. */
export const isUnderWay = ({ state, attempts }: MessageEntry) =>
  state === 'sending' || attempts.some(attempt => attempt.state === 'sending')

/** Reads the ledger again and again until nothing in it is under way, or for so long as anybody waits. */
export async function settledLedger(
  nodes: Pick<Nodes, 'ask'>,
): Promise<{ entries: MessageEntry[]; took: number }> {
  const start = performance.now()
  for (;;) {
    const entries = await readLedger(nodes)
    const took = performance.now() - start
    if (!entries.some(isUnderWay) || took > SETTLED_WITHIN) return { entries, took }
    await sleep(500)
  }
}

export function byNumber(entries: readonly MessageEntry[], numbers: readonly string[]): Ledger {
  const ofDigits = new Map(numbers.map(number => [number.slice(-4), number]))
  const ledger: Ledger = new Map()
  for (const entry of entries) {
    const number = ofDigits.get(entry.recipient.slice(-4))
    if (number) ledger.set(number, [...(ledger.get(number) ?? []), entry])
  }
  return ledger
}

/** The ledger says of some message to this number that it went out, or may have. */
export const mayHaveArrived = (entries: readonly MessageEntry[] = []) =>
  entries.some(({ state, attempts }) =>
    [state, ...attempts.map(attempt => attempt.state)].some(
      each => each === 'accepted' || each === 'unconfirmed',
    ),
  )

/** How many attempts the ledger knows of which each may have brought a message. */
const possibleArrivals = (entries: readonly MessageEntry[] = []) =>
  entries.flatMap(({ attempts }) => attempts).filter(({ state }) => state !== 'failed').length

/** Types every code that arrived. Returns the numbers whose codes are refused. */
async function tryCodes(nodes: Callable, arrived: ReadonlyMap<string, string[]>): Promise<string[]> {
  const refused: string[] = []
  const all = [...arrived]
  await inParallel(all.length, 8, async n => {
    const [phone, codes] = all[n]!
    for (const verificationCode of codes) {
      const path = '/api/verification-codes/verify'
      const { status, body } = await nodes.call(n % nodes.count, path, { phone, verificationCode })
      if (status === 204) return
      if (verificationCode === codes.at(-1)) refused.push(`${phone}: ${status} ${JSON.stringify(body)}`)
    }
  })
  return refused
}

/** The codes that came to each number, newest first. */
function arrivals(inbox: readonly InboxMessage[]): Map<string, string[]> {
  const arrived = new Map<string, string[]>()
  for (const { to, code = '' } of inbox) {
    const number = to.replace('+', '')
    arrived.set(number, [...(arrived.get(number) ?? []), code])
  }
  return arrived
}

/**
 * Compares what was asked for, what arrived, and what the ledger says, when nothing is under way any more.
 *
 * @param messages how many were asked for
 */
export async function reckon(
  nodes: Callable & Pick<Nodes, 'ask'>,
  asked: Asked,
  messages: number,
  inbox: readonly InboxMessage[],
): Promise<{ figures: Figure[]; complaints: string[] }> {
  const numbers = Array.from({ length: messages }, (_, n) => numberOf(n))
  const { entries, took } = await settledLedger(nodes)
  const ledger = byNumber(entries, numbers)
  const arrived = arrivals(inbox)
  const refused = await tryCodes(nodes, arrived)
  const of = (state: MessageEntry['state']) => entries.filter(entry => entry.state === state).length
  const unknown = [...arrived].filter(([number]) => !ledger.has(number))
  const denied = [...arrived].filter(([number]) => ledger.has(number) && !mayHaveArrived(ledger.get(number)))
  const unnoticed = [...arrived].filter(
    ([number, codes]) => codes.length > Math.max(1, possibleArrivals(ledger.get(number))),
  )
  const forgotten = [...asked.acknowledged].filter(number => !mayHaveArrived(ledger.get(number)))
  return {
    complaints: [...asked.complaints, ...refused].slice(0, 10),
    figures: [
      figure('messages asked for', messages),
      figure('answered "sent" to the caller', asked.acknowledged.size),
      figure('calls cut off by a kill', asked.cut.size),
      figure('codes that arrived', arrived.size, { least: asked.acknowledged.size }),
      figure('in the ledger: accepted or delivered', of('accepted') + of('delivered')),
      figure('in the ledger: may have been sent', of('unconfirmed')),
      figure('in the ledger: certainly not sent', of('failed') + of('not_sent')),
      figure('messages without a final state', entries.filter(isUnderWay).length, { most: 0 }),
      figure('arrived, and not in the ledger', unknown.length, { most: 0 }),
      figure('arrived, and not sent as the ledger says', denied.length, { most: 0 }),
      figure('answered "sent", and not in the ledger', forgotten.length, { most: 0 }),
      figure('sent twice, and the ledger knows of one', unnoticed.length, { most: 0 }),
      figure('codes that arrived and do not work', refused.length, { most: 0 }),
      figure('calls refused', asked.complaints.length, { most: 0 }),
      figure('all settled after', Math.round(took / 100) / 10, { unit: 's' }),
    ],
  }
}
