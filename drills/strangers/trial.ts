import type { InboxMessage } from '@countersign/simulators'
import { startReady } from '../../e2e/ready.ts'
import type { Management } from '../../packages/cli/src/management.ts'
import type { Product } from '../../packages/cli/src/product.ts'
import type { Figure } from '../table.ts'
import { createStranger, type Stranger, type Target } from './stranger.ts'

/** A running server under attack, and what the attacks need to look at. */
export interface Trial {
  product: Product
  management: Management
  target: Target
  /** A stranger from an address. */
  stranger(address: string): Stranger
  /** What the simulated clouds delivered to a recipient, newest first. */
  messagesTo(recipient: string): Promise<InboxMessage[]>
  /** How many requests to send reached the clouds since this was last asked. */
  requestsToClouds(): Promise<number>
}

/** One attack: what a stranger does, and the figures that tell what it did to the product. */
export interface Attack {
  title: string
  run(trial: Trial): Promise<Figure[]>
}

/** Starts a server of its own, in the development world, behind a proxy that it trusts. */
export async function startTrial(): Promise<Trial> {
  const { product, management, application } = await startReady({ TRUST_PROXY: 'true' })
  const target = {
    endpoint: product.endpoint,
    applicationId: application.id,
    redirectUri: application.redirectUri,
  }
  const control = new URL('/control/', product.inboxUrl)
  return {
    product,
    management,
    target,
    stranger: address => createStranger(target, address),
    async messagesTo(recipient) {
      const address = new URL(`messages?${new URLSearchParams({ to: recipient })}`, control)
      return (await (await fetch(address)).json()) as InboxMessage[]
    },
    async requestsToClouds() {
      const all = (await (await fetch(new URL('requests', control))).json()) as { action: string }[]
      await fetch(new URL('reset', control), { method: 'POST' })
      // What became of earlier messages is asked meanwhile, when it is due.
      return all.filter(({ action }) => action.startsWith('Send')).length
    },
  }
}

/** Does so many things with so many at once. */
export async function inParallel<T>(
  count: number,
  width: number,
  work: (n: number) => Promise<T>,
): Promise<T[]> {
  const results: T[] = []
  let next = 0
  const one = async () => {
    while (next < count) {
      const n = next++
      results[n] = await work(n)
    }
  }
  await Promise.all(Array.from({ length: width }, one))
  return results
}
