import { setTimeout as sleep } from 'node:timers/promises'
import type { Nodes } from '../nodes.ts'

/** Nodes each of which can be called by itself, past any balancer. */
export interface Callable {
  count: number
  /** Calls the Management API of one node. @throws when the node is not there */
  call(node: number, path: string, body: unknown): Promise<{ status: number; body: unknown }>
}

/** What the back ends that ask for codes met. */
export interface Asked {
  /** Numbers whose request was answered: the code is out, or may be. */
  acknowledged: Set<string>
  /** Numbers whose request got no answer, as its server was killed. */
  cut: Set<string>
  /** Refusals and failures, in words. */
  complaints: string[]
}

/** So many requests are under way at once. */
const WIDTH = 24

/** Milliseconds until somebody who met no server tries the next one. */
const AGAIN_AFTER = 50

/** Numbers whose last four digits, which the ledger shows, are all different. */
export const numberOf = (n: number) => `861380013${String(n).padStart(4, '0')}`

/** True when nobody listened: the request cannot have got anywhere. */
function metNobody(error: unknown): boolean {
  const { cause } = error as { cause?: { code?: string } }
  return cause?.code === 'ECONNREFUSED'
}

/** One back end asks for a code, once: only when it met no server it asks the next. */
async function askForCode(nodes: Callable, n: number, asked: Asked): Promise<void> {
  const phone = numberOf(n)
  for (let node = n % nodes.count; ; node = (node + 1) % nodes.count)
    try {
      const { status, body } = await nodes.call(node, '/api/verification-codes', { phone })
      if (status === 204) asked.acknowledged.add(phone)
      else asked.complaints.push(`${phone}: ${status} ${JSON.stringify(body)}`)
      return
    } catch (error) {
      if (!metNobody(error)) return void asked.cut.add(phone)
      await sleep(AGAIN_AFTER)
    }
}

/**
 * Asks for so many codes, each for a number of its own, and kills a server whenever another share of them is done.
 *
 * @returns what the callers met, when all of them are done and all servers run again
 */
export async function askWhileServersDie(
  nodes: Callable & Pick<Nodes, 'killAndStart'>,
  messages: number,
  kills: number,
): Promise<Asked> {
  const asked: Asked = { acknowledged: new Set(), cut: new Set(), complaints: [] }
  let next = 0
  let killed = 0
  let starting: Promise<void> = Promise.resolve()
  const strikeWhenDue = () => {
    if (killed >= kills || next < ((killed + 1) * messages) / (kills + 1)) return
    const node = killed++ % nodes.count
    // One after the other: with two servers one is always there.
    starting = starting.then(() => nodes.killAndStart(node))
  }
  const caller = async () => {
    while (next < messages) {
      const n = next++
      strikeWhenDue()
      await askForCode(nodes, n, asked)
    }
  }
  await Promise.all(Array.from({ length: WIDTH }, caller))
  await starting
  return asked
}
