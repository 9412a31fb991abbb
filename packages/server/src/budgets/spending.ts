import { type Allowance, countLess, type Full, type Taken, take, usedOf } from '../counters/counters.ts'
import { describeError } from '../http/errors.ts'
import type { AlsoCounted } from '../limits/limits.ts'
import type { ApiError } from '../refusals/refusal.ts'
import {
  allowanceOf,
  amountOver,
  type Concerned,
  concernedBy,
  hasPartForKnown,
  isOver,
  type Spender,
} from './concerned.ts'
import { type KeptBudget, keptBudgets } from './policy.ts'
import { isSoftReached, keyIn, spentAmong } from './reaching.ts'
import { refusalBy } from './refusal.ts'
import type { BudgetsRoom } from './room.ts'

/** The money of one message: reserved before it leaves, and given back as far as it was not needed. */
export interface Spending {
  /** Counted in the statement that counts the message for the limits. */
  counted: AlsoCounted
  /** Connections over which it must not go, for their budgets are spent. */
  barred: ReadonlySet<string>
  /** Reserves so that as many messages may leave at once; false where there is no money for another one. */
  reserve(messages: number): Promise<boolean>
  /**
   * Gives back what was reserved beyond the messages that left, each by the id of its connection. A second time does
   * nothing. It never fails.
   *
   * @param how `isHidden`: nobody may learn that no message left. What took a budget's last room then stays counted, for
   *   whoever is refused next would know
   */
  settle(left: readonly string[], how?: { isHidden: boolean }): Promise<void>
}

/** A message that is to leave. */
export interface Asking extends Omit<Spender, 'isStranger'> {
  /** Whether whoever asks was here before; left out for those who are never taken for strangers. It costs statements. */
  isKnown?: (() => Promise<boolean>) | undefined
}

/** What is reserved under one key for one message. */
interface Held extends Pick<Concerned, 'budget' | 'amount'> {
  until: number
  /** It left no room for another one. */
  isLast: boolean
}

/** More often nobody asks again whether there is room: then others were faster each time. */
const MOST_TRIES = 3

/** What of a reservation goes back, where the messages of a budget that left stay counted for what they may cost. */
function unneeded(held: ReadonlyMap<string, Held>, costBy: (budget: KeptBudget) => number) {
  const staying = new Map<string, number>()
  return [...held].flatMap(([key, { budget, amount, until }]) => {
    const cost = staying.get(budget.id) ?? costBy(budget)
    const stays = Math.min(amount, cost)
    staying.set(budget.id, cost - stays)
    return stays < amount ? [{ key, until, n: amount - stays }] : []
  })
}

/** See `Spending`. */
class MoneyOfMessage implements Spending {
  readonly barred = new Set<string>()
  readonly #room: BudgetsRoom
  readonly #budgets: readonly KeptBudget[]
  readonly #spender: Asking
  #isStranger: boolean
  readonly #held = new Map<string, Held>()
  #reserved = 0
  #isSettled = false
  /** The budgets that were asked last. */
  #asked: Concerned[] = []

  constructor(room: BudgetsRoom, budgets: readonly KeptBudget[], spender: Asking) {
    this.#room = room
    this.#budgets = budgets
    this.#spender = spender
    this.#isStranger = spender.isKnown !== undefined
  }

  readonly counted: AlsoCounted = {
    allowances: now => this.#allowances(now),
    taken: by => this.#taken(by),
    makeRoom: full => this.#makeRoom(full),
  }

  #open() {
    return this.#spender.connections.filter(({ id }) => !this.barred.has(id))
  }

  #allowances(now: number): Allowance[] {
    const { known } = this.#room
    const spender = { ...this.#spender, connections: this.#open(), isStranger: this.#isStranger }
    this.#asked = concernedBy(this.#budgets, spender, now)
    return this.#asked.map(each => allowanceOf(each, known(each.key)?.excess ?? 0, now))
  }

  async #taken(by: Taken): Promise<void> {
    this.#reserved += 1
    for (const { budget, key, amount, period, most } of this.#asked) {
      const before = this.#held.get(key)?.amount ?? 0
      const { excess = 0 } = this.#room.known(key) ?? {}
      const isLast = most !== null && by.used(key) + amount > most + excess
      this.#held.set(key, { budget, amount: before + amount, until: period.end, isLast })
    }
    for (const each of this.#asked) await isSoftReached(this.#room, each, by.used(each.key))
  }

  /** The budgets among those that are full which stay so when the ledger is asked. */
  async #spent(full: readonly Full[]): Promise<Concerned[]> {
    const { db, world } = this.#room
    const asked = this.#asked.filter(({ key }) => full.some(each => each.key === key))
    return spentAmong(this.#room, asked, await usedOf(db, asked.map(keyIn), world.now()))
  }

  async #makeRoom(full: readonly Full[]): Promise<ApiError | undefined> {
    const spent = await this.#spent(full)
    if (this.#isStranger && spent.some(hasPartForKnown) && (await this.#spender.isKnown?.())) {
      this.#isStranger = false
      return undefined
    }
    for (const { budget } of spent) if (budget.scope === 'connection') this.barred.add(budget.subject!)
    return refusalBy(spent, this.#open().length > 0, this.#room.world.now())
  }

  async reserve(messages: number): Promise<boolean> {
    const { db, world } = this.#room
    for (let tries = 0; this.#reserved < messages; tries += 1) {
      const now = world.now()
      const taken = await take(db, this.#allowances(now), now)
      if (!('full' in taken)) await this.#taken(taken)
      else if (tries >= MOST_TRIES || (await this.#spent(taken.full)).length > 0) return false
    }
    return true
  }

  async settle(left: readonly string[], { isHidden } = { isHidden: false }): Promise<void> {
    if (this.#isSettled) return
    this.#isSettled = true
    const { connections, recipient } = this.#spender
    const sent = left.flatMap(id => connections.find(each => each.id === id) ?? [])
    const costBy = (budget: KeptBudget) =>
      sent
        .filter(({ id }) => isOver(budget, id))
        .reduce((sum, each) => sum + amountOver(budget, each, recipient), 0)
    try {
      const held = [...this.#held].filter(([, { isLast }]) => !(isHidden && isLast))
      await countLess(this.#room.db, unneeded(new Map(held), costBy))
    } catch (error) {
      // It stays counted until the period ends: too much, and never too little.
      this.#room.world.log('error', 'money of a message not given back', { error: describeError(error) })
    }
  }
}

/**
 * Prepares to reserve the money of a message; undefined where no budget counts it.
 *
 * @example const spending = await spendingOf(room, { recipient, applicationId, connections })
 */
export async function spendingOf(room: BudgetsRoom, spender: Asking): Promise<Spending | undefined> {
  const budgets = await keptBudgets(room.db)
  if (concernedBy(budgets, spender, room.world.now()).length === 0) return undefined
  return new MoneyOfMessage(room, budgets, spender)
}
