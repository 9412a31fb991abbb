import type { ReceiptRequest } from '@countersign/kit'
import type { KeptConnection } from '../connections/room.ts'
import { ApiError } from '../refusals/refusal.ts'
import { addressOf, renewAddress } from './addresses.ts'
import { createAsking } from './asking.ts'
import { createNews } from './news.ts'
import type { ReceiptsRoom } from './room.ts'
import { addressStore } from './store.ts'
import { connectionAt, createPace, takePush } from './taking.ts'

/** How often the news of addresses are written, in milliseconds. */
const WRITE_EVERY = 10_000

/**
 * Hears from providers what became of messages: takes what they push, and asks about what they do not. One function a use
 * case.
 *
 * @example
 * const receipts = createReceipts({ db, keys, world, ledger, connections, endpoint, validity })
 * receipts.start()
 */
export function createReceipts({
  db,
  ...others
}: Omit<ReceiptsRoom, 'store'> & { db: Parameters<typeof addressStore>[0] }) {
  const room: ReceiptsRoom = { ...others, store: addressStore(db) }
  const { connections, world } = room
  const news = createNews(room.store, world)
  const asking = createAsking(room)
  let timer: NodeJS.Timeout | undefined

  /** @throws ApiError `entity.not_found` */
  async function kept(id: string): Promise<KeptConnection> {
    const connection = (await connections.list()).find(each => each.id === id)
    if (!connection) throw new ApiError('entity.not_found')
    return connection
  }

  return {
    mayCome: createPace(world.now),
    connectionAt: (secret: string) => connectionAt(room, secret),
    take: (connection: KeptConnection, request: ReceiptRequest) => takePush(room, news, connection, request),
    addressOf: async (id: string) => addressOf(room, news, await kept(id)),
    renew: async (id: string) => renewAddress(room, news, await kept(id)),
    /** Asks once about all that is due now. */
    ask: asking.once,
    /** Asks, and writes what nobody has waited for, while the process runs. */
    start(): void {
      asking.start()
      timer ??= setInterval(() => void news.write(), WRITE_EVERY)
      timer.unref()
    },
    /** Writes what nobody has waited for. */
    settled: news.write,
    async stop(): Promise<void> {
      clearInterval(timer)
      await asking.stop()
      await news.write()
    },
  }
}

export type Receipts = ReturnType<typeof createReceipts>
