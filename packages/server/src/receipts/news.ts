import { describeError } from '../http/errors.ts'
import type { World } from '../world.ts'
import type { AddressStore, News as Written } from './store.ts'

/** Characters of a reason that are kept. */
const LONGEST_REASON = 300

/** The log tells no more than once in so many milliseconds that somebody is not believed: forgers choose how often they call. */
const TOLD_EVERY = 60_000

const NOTHING: Written = { lastAt: null, refused: 0, refusedAt: null, refusedReason: null }

/**
 * Notes what came to addresses: when something was believed last, and how often and why something was not. It is gathered
 * and written now and then, so that no push waits for a row that all of them would write.
 *
 * @example news.refused(connection, 'the signature is wrong')
 */
export function createNews(store: Pick<AddressStore, 'note'>, world: World) {
  const gathered = new Map<string, Written>()
  const toldAt = new Map<string, number>()

  const add = (id: string, change: (news: Written) => Partial<Written>) => {
    const news = gathered.get(id) ?? NOTHING
    gathered.set(id, { ...news, ...change(news) })
  }

  return {
    came: (id: string) => add(id, () => ({ lastAt: world.now() })),
    refused({ id, connector }: { id: string; connector: string }, reason: string): void {
      const now = world.now()
      const refusedReason = reason.slice(0, LONGEST_REASON).replaceAll('\0', '').toWellFormed()
      add(id, news => ({ refused: news.refused + 1, refusedAt: now, refusedReason }))
      if (now - (toldAt.get(id) ?? 0) < TOLD_EVERY) return
      toldAt.set(id, now)
      world.log('warn', 'receipts not believed', { connector, error: refusedReason })
    },
    /** Writes what was gathered. What cannot be written now is the next time. */
    async write(): Promise<void> {
      for (const [id, news] of gathered) {
        gathered.delete(id)
        await store.note(id, news).catch(error => {
          add(id, later => ({
            lastAt: later.lastAt ?? news.lastAt,
            refused: later.refused + news.refused,
            refusedAt: later.refusedAt ?? news.refusedAt,
            refusedReason: later.refusedReason ?? news.refusedReason,
          }))
          world.log('error', 'news of receipts not stored', { error: describeError(error) })
        })
      }
    },
  }
}

export type News = ReturnType<typeof createNews>
