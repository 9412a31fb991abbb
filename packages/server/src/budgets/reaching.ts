import { changeAlong } from '../db/along.ts'
import { describeError } from '../http/errors.ts'
import type { Concerned } from './concerned.ts'
import type { BudgetsRoom } from './room.ts'
import { type Level, levelOf, reachedStore } from './store.ts'

/** So many amounts this node knows to be told. */
const MOST_TOLD = 1000

/**
 * Tells that an amount is reached, once for each period, on however many nodes: the note of it and the event for webhooks
 * are one transaction. It never fails: whoever waits for a code has nothing to do with it.
 *
 * @example await tellReached(room, concerned, 'hard', used)
 */
export async function tellReached(
  room: BudgetsRoom,
  { budget, period, key }: Pick<Concerned, 'budget' | 'period' | 'key'>,
  level: Level,
  used: number,
): Promise<void> {
  const { db, world, told } = room
  const mark = `${levelOf(budget, level)}/${key}`
  if (told.has(mark)) return
  try {
    const along = await room.telling({ budget, period, level, used })
    const noted = await changeAlong(db, along, on =>
      reachedStore(on).note({
        key,
        level: levelOf(budget, level),
        at: world.now(),
        until: period.end,
      }),
    )
    if (told.size >= MOST_TOLD) told.clear()
    told.add(mark)
    if (noted) world.log('warn', `budget reached: ${level} amount`)
  } catch (error) {
    world.log('error', 'a reached budget not told', { error: describeError(error) })
  }
}

/**
 * Looks whether the soft amount of a budget is reached by what counts, and tells of it.
 *
 * @param counted what stands in the count, in millionths
 * @example if (await isSoftReached(room, concerned, counted)) demandCaptcha()
 */
export async function isSoftReached(
  room: BudgetsRoom,
  concerned: Pick<Concerned, 'budget' | 'period' | 'key'>,
  counted: number,
): Promise<boolean> {
  const { soft } = concerned.budget
  if (soft === null || counted - (room.known(concerned.key)?.excess ?? 0) < soft) return false
  const used = counted - (await room.look(concerned)).excess
  if (used < soft) return false
  await tellReached(room, concerned, 'soft', used)
  return true
}

/** Looks whether the hard amount of a budget leaves too little for a message, and tells of it. */
async function isSpent(room: BudgetsRoom, concerned: Concerned, counted: number): Promise<boolean> {
  const { most, amount, budget } = concerned
  if (most === null) return false
  const isFull = (excess: number, of: number) => counted + amount > of + excess
  if (!isFull(room.known(concerned.key)?.excess ?? 0, most)) return false
  const { excess } = await room.look(concerned)
  if (!isFull(excess, most)) return false
  // What is kept for known visitors is not spent yet.
  if (isFull(excess, budget.hard ?? most)) await tellReached(room, concerned, 'hard', counted - excess)
  return true
}

/** The key under which a budget counts: `all.map(keyIn)`. */
export const keyIn = ({ key }: Pick<Concerned, 'key'>): string => key

/**
 * The budgets whose hard amount leaves too little for a message, also when the ledger is asked.
 *
 * @param counts what stands in the counts, by key
 * @example await spentAmong(room, concerned, await usedOf(db, concerned.map(keyIn), now))
 */
export async function spentAmong(
  room: BudgetsRoom,
  concerned: readonly Concerned[],
  counts: ReadonlyMap<string, { used: number }>,
): Promise<Concerned[]> {
  const spent: Concerned[] = []
  for (const each of concerned)
    if (await isSpent(room, each, counts.get(each.key)?.used ?? 0)) spent.push(each)
  return spent
}
