import { setTimeout as sleep } from 'node:timers/promises'
import type { Arrival } from './provider.ts'

/** One code that a back end asked for. */
export interface Send {
  phone: string
  /** Milliseconds of `performance.now()`. */
  askedAt: number
  /** How long the back end waited; undefined while it does. */
  took?: number
  /** `sent`, `unconfirmed`, the failure for which it was refused, or what else was answered. */
  answer?: string
  arrivals: Arrival[]
}

/** How the answer to a request reads. */
export interface Answered {
  status: number
  unconfirmed: boolean
  failure: string | undefined
}

/** Asks for a code by the Management API. */
export type Ask = (phone: string) => Promise<Answered>

function inWords({ status, unconfirmed, failure }: Answered): string {
  if (status === 204) return unconfirmed ? 'unconfirmed' : 'sent'
  // Refusals in which no failure is told are none that this drill can bring about.
  return (status === 400 || status === 429) && failure !== undefined ? failure : `HTTP ${status}`
}

/** Codes that are asked for, so many a second, each for a number of its own, whether or not anybody has been answered. */
export class Traffic {
  readonly #ask: Ask
  readonly #every: number
  readonly #byPhone = new Map<string, Send>()
  readonly #underWay = new Set<Promise<void>>()
  #stopped = false
  #running: Promise<void> = Promise.resolve()

  constructor(ask: Ask, perSecond: number) {
    this.#ask = ask
    this.#every = 1000 / perSecond
  }

  /** All that were asked for, in their order. */
  get sends(): Send[] {
    return [...this.#byPhone.values()]
  }

  arrived(arrival: Arrival): void {
    this.#byPhone.get(arrival.phone)?.arrivals.push(arrival)
  }

  async #one(send: Send): Promise<void> {
    try {
      send.answer = inWords(await this.#ask(send.phone))
    } catch (error) {
      send.answer = String((error as Error).cause ?? error)
    }
    send.took = performance.now() - send.askedAt
  }

  async #run(): Promise<void> {
    const start = performance.now()
    for (let n = 0; !this.#stopped; n += 1) {
      const wait = start + n * this.#every - performance.now()
      // Also where it is late: then others get a turn.
      await sleep(Math.max(0, wait))
      const phone = `86138${10_000_000 + this.#byPhone.size}`
      const send: Send = { phone, askedAt: performance.now(), arrivals: [] }
      this.#byPhone.set(phone, send)
      const done = this.#one(send).finally(() => this.#underWay.delete(done))
      this.#underWay.add(done)
    }
  }

  start(): void {
    this.#stopped = false
    this.#running = this.#run()
  }

  /** Asks for no more, and waits until all are answered. */
  async stop(): Promise<void> {
    this.#stopped = true
    await this.#running
    await Promise.all(this.#underWay)
  }

  /**
   * Waits until a code that was asked for from now on arrives over a provider, while the traffic goes on.
   *
   * @returns milliseconds; not a number when none does for so long
   */
  async nextOver(provider: string, atMost: number): Promise<number> {
    const start = performance.now()
    const isThere = ({ askedAt, arrivals }: Send) =>
      askedAt >= start && arrivals.some(({ over }) => over === provider)
    for (;;) {
      if (this.sends.some(isThere)) return performance.now() - start
      if (performance.now() - start > atMost) return Number.NaN
      await sleep(50)
    }
  }
}
