/** Attempts of one connection that are remembered: the slowest hundredth of them is one or two. */
const REMEMBERED = 128

/** From fewer than so many nobody can tell how long a provider takes. */
const ENOUGH = 20

/** More connections than anybody has; beyond it the one that was used longest ago is forgotten. */
const MOST_CONNECTIONS = 64

/** Silence of less says nothing about a provider: a busy machine, or one lost packet, takes that long. */
const SHORTEST = 1000

/** The patience with a provider of which little is known, and with any. */
const LONGEST = 3000

/** The part of the time that is left which silence may take, so that whoever comes next has the greater part. */
const SHARE = 3 / 8

/**
 * Remembers how long each connection's provider took lately to accept a message, on this node, and says from it for how
 * long it may be silent until another one is asked.
 *
 * @example
 * const patience = createPatience()
 * patience.note('connection', 230)
 * patience.with('connection', 8000) // 3000
 */
export function createPatience() {
  const recent = new Map<string, { took: number[]; next: number }>()
  return {
    /** Notes how many milliseconds an accepted attempt took. */
    note(connection: string, took: number): void {
      const ring = recent.get(connection) ?? { took: [], next: 0 }
      ring.took[ring.next] = took
      ring.next = (ring.next + 1) % REMEMBERED
      // The one that was used last stands last.
      recent.delete(connection)
      recent.set(connection, ring)
      const [oldest] = recent.size > MOST_CONNECTIONS ? recent.keys() : []
      if (oldest !== undefined) recent.delete(oldest)
    },
    /** The milliseconds of silence that are usual: all but a hundredth of its answers came sooner. */
    with(connection: string, left: number): number {
      const took = recent.get(connection)?.took ?? []
      const usual =
        took.length < ENOUGH ? LONGEST : took.toSorted((a, b) => a - b)[Math.ceil(took.length * 0.99) - 1]!
      return Math.min(Math.max(usual, SHORTEST), LONGEST, Math.floor(left * SHARE))
    },
  }
}

export type Patience = ReturnType<typeof createPatience>
