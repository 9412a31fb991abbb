import type { Allowance, Full, Taken } from '../counters/counters.ts'
import { type Keys, mac } from '../crypto/keys.ts'
import { WINDOWS } from './policy.ts'

/** A connection to be asked in its turn, as far as it matters how many messages its provider takes for the recipient. */
export interface ProviderTurn {
  /** The connection's. */
  id: string
  /** What the provider counts apart by: its connector, a signature. */
  by: readonly string[]
  /** The pause in seconds; null is no limit. */
  windows: Record<'pause' | keyof typeof WINDOWS, number | null>
  /** The windows that reach back from each message; the others are the clock's. */
  rolling: readonly string[]
}

/** A turn with what its provider counts one message under. */
export interface Counted {
  id: string
  allowances: readonly Allowance[]
}

/**
 * What the provider of a connection counts a message to a recipient under; nothing where it takes any.
 *
 * @example const { allowances } = countedBy(keys, recipientKey(keys, canonical), turn)
 */
export function countedBy(keys: Keys, recipient: string, turn: ProviderTurn): Counted {
  const { id, by, windows, rolling } = turn
  const whose = mac(keys.lookup, 'provider', ...by, recipient)
  const allowances = (['minute', 'hour', 'day'] as const).flatMap((name): Allowance[] => {
    const most = windows[name]
    if (most === null) return []
    const window = rolling.includes(name) ? 'rolling' : 'clock'
    return [{ key: `provider/${name}/${whose}`, most, lasts: WINDOWS[name], window }]
  })
  if (windows.pause === null) return { id, allowances }
  const lasts = windows.pause * 1000
  return {
    id,
    allowances: [...allowances, { key: `provider/pause/${whose}`, most: 1, lasts, window: 'rolling' }],
  }
}

/** Says of something full whether it is a provider's: `full.filter(isOfProvider)`. */
export const isOfProvider = ({ key }: Pick<Full, 'key'>): boolean => key.startsWith('provider/')

/** The places of one message at the providers that it may go over. */
export interface Turns {
  /** Whether the provider of a connection was asked, so that its place is not to be given back unseen. */
  isAsked(id: string): boolean
  /** Takes a place at a connection's provider, unless the message has one; false where that takes no more for now. */
  take(id: string): Promise<boolean>
  /** The provider was asked and has not counted the message: its place is free again. */
  free(id: string): Promise<void>
  /** Nobody else is asked: places that were taken in vain are free again. */
  end(): Promise<void>
  /**
   * The same places for a message of which nobody may learn whether it was to leave. The place that was taken with the
   * limits stays counted whatever becomes of the message, and at the end no other one is: as where nothing leaves.
   */
  hidden(): Omit<Turns, 'isAsked' | 'hidden'>
}

/** What is taken at one provider. */
interface Held {
  isAsked: boolean
  free(): Promise<void>
}

/**
 * Keeps the places of a message. The first is taken together with its other limits, all others only when their connection
 * is asked: so a message that the first connection takes costs no statement more.
 *
 * @param first the connection whose place is taken, and how it is given back
 * @param count takes what one connection's provider counts; undefined where that is full
 */
export function turnsOf(
  all: readonly Counted[],
  first: { id: string; taken: Taken } | undefined,
  count: (turn: Counted) => Promise<Taken | undefined>,
): Turns {
  const held = new Map<string, Held>()
  if (first)
    held.set(first.id, { isAsked: false, free: () => first.taken.giveBack(key => isOfProvider({ key })) })
  const turns: Turns = {
    isAsked: id => held.get(id)?.isAsked === true,
    async take(id) {
      const there = held.get(id)
      if (there) there.isAsked = true
      const turn = there ? undefined : all.find(each => each.id === id)
      if (!turn || turn.allowances.length === 0) return true
      const taken = await count(turn)
      if (taken) held.set(id, { isAsked: true, free: () => taken.giveBack() })
      return taken !== undefined
    },
    async free(id) {
      const there = held.get(id)
      held.delete(id)
      await there?.free()
    },
    async end() {
      for (const [id, { isAsked, free }] of [...held]) {
        if (isAsked) continue
        held.delete(id)
        await free()
      }
    },
    hidden() {
      const free = async (id: string) => {
        if (id !== first?.id) await turns.free(id)
      }
      const end = async () => {
        for (const id of [...held.keys()]) await free(id)
      }
      return { take: turns.take, free, end }
    },
  }
  return turns
}
