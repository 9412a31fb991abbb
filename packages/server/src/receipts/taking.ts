import type { ReceiptAnswer, ReceiptReading, ReceiptRequest } from '@countersign/kit'
import { parseConfig } from '../connections/configuration.ts'
import type { Connection, KeptConnection } from '../connections/room.ts'
import { describeError } from '../http/errors.ts'
import { hashOf, SECRET_FORM } from './addresses.ts'
import type { News } from './news.ts'
import type { ReceiptsRoom } from './room.ts'

/** Milliseconds for the reading; Aliyun waits 700 ms for its answer, and what is read is to be stored in them too. */
const FOR_READING = 300

/** Pushes that one connection may bring to a node: so many at once, and so many more each second. */
const MOST_AT_ONCE = 100
const EACH_SECOND = 50

/** Asks the provider to come again: each of them takes this for a failure of ours. */
export const LATER: ReceiptAnswer = { status: 503, body: { message: 'come again later' } }

/**
 * Says whether one more push of a connection may come in now.
 *
 * @example const mayCome = createPace(world.now)
 */
export function createPace(now: () => number) {
  const paces = new Map<string, { left: number; at: number }>()
  return (connectionId: string): boolean => {
    const at = now()
    const before = paces.get(connectionId) ?? { left: MOST_AT_ONCE, at }
    const gained = (Math.max(0, at - before.at) / 1000) * EACH_SECOND
    const left = Math.min(MOST_AT_ONCE, before.left + gained)
    paces.set(connectionId, { left: Math.max(0, left - 1), at })
    return left >= 1
  }
}

/**
 * The connection whose address has a secret; undefined for one that nobody has, has any more, or whose provider pushes
 * nothing.
 *
 * @example const connection = await connectionAt(room, 'rDo…')
 */
export async function connectionAt(room: ReceiptsRoom, secret: string): Promise<KeptConnection | undefined> {
  if (!SECRET_FORM.test(secret)) return undefined
  const row = await room.store.byHash(hashOf(room, secret))
  if (!row) return undefined
  const connection = (await room.connections.list()).find(({ id }) => id === row.connection_id)
  return connection?.connector.receipts?.read ? connection : undefined
}

/** What a connector makes of a request. It promises never to throw, and to be quick; neither is relied upon. */
async function readingOf(
  { world }: ReceiptsRoom,
  { connector, config }: Connection,
  request: ReceiptRequest,
): Promise<ReceiptReading | undefined> {
  const { fetch, now, random } = world
  const settings = parseConfig(connector, config) as never
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>(resolve => {
    timer = setTimeout(() => resolve(undefined), FOR_READING + 100)
  })
  try {
    const reading = connector.receipts!.read!(request, settings, {
      fetch,
      now,
      random,
      deadline: FOR_READING,
    })
    return await Promise.race([reading, late])
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Takes what a provider pushes: it is stored, and its messages are told, before the provider hears that it has arrived.
 * What is not believed changes nothing, but is counted.
 *
 * @example const { status, body } = await takePush(room, news, connection, request)
 */
export async function takePush(
  room: ReceiptsRoom,
  news: News,
  { id, connector }: KeptConnection,
  request: ReceiptRequest,
): Promise<ReceiptAnswer> {
  try {
    const reading = await readingOf(room, await room.connections.get(id), request)
    if (!reading) return LATER
    if ('refused' in reading) {
      news.refused({ id, connector: connector.id }, reading.refused)
      return reading.answer
    }
    const { tooMany } = await room.ledger.receive({
      connectionId: id,
      connector: connector.id,
      via: 'push',
      receipts: reading.receipts,
    })
    news.came(id)
    if (tooMany > 0)
      news.refused({ id, connector: connector.id }, `${tooMany} receipts too many in one request`)
    return reading.answer
  } catch (error) {
    room.world.log('error', 'receipts not taken', { connector: connector.id, error: describeError(error) })
    return LATER
  }
}
