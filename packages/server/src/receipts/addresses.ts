import type { ReceiptAddress } from '@countersign/api'
import type { KeptConnection } from '../connections/room.ts'
import { mac } from '../crypto/keys.ts'
import { open, seal } from '../crypto/seal.ts'
import type { News } from './news.ts'
import type { ReceiptsRoom } from './room.ts'
import type { AddressRow } from './store.ts'

/** Bytes by which an address is found by nobody. Its 43 characters are also more than the log of requests tells. */
const SECRET_BYTES = 32

/** The form of what stands behind `/receipts/`: whatever has another one is nobody's, and no database is asked. */
export const SECRET_FORM = /^[\w-]{43}$/

/** What a sealed address is bound to: `context(row.connection_id)`. */
export const context = (connectionId: string) => `receipt-address/${connectionId}`

/** Under which a secret is found: a copy of the database holds no address that anybody could call. */
export const hashOf = ({ keys }: Pick<ReceiptsRoom, 'keys'>, secret: string): string =>
  mac(keys.lookup, 'receipt-address', secret)

/** A new address, of which only the hash and the sealed secret are stored. */
function fresh({ keys, world }: ReceiptsRoom, connectionId: string) {
  const secret = Buffer.from(world.random(SECRET_BYTES)).toString('base64url')
  return {
    hash: hashOf({ keys }, secret),
    sealed: seal(keys.seal, secret, context(connectionId)),
    created_at: world.now(),
  }
}

function shown(
  { endpoint, keys }: ReceiptsRoom,
  { connector, id }: KeptConnection,
  row?: AddressRow,
): ReceiptAddress {
  const { read, pull } = connector.receipts ?? {}
  return {
    address: row ? new URL(`/receipts/${open(keys.seal, row.sealed, context(id))}`, endpoint).href : null,
    pushes: read !== undefined,
    pulls: pull !== undefined,
    createdAt: row?.created_at ?? null,
    lastAt: row?.last_at ?? null,
    refused: row?.refused ?? 0,
    refusedAt: row?.refused_at ?? null,
    refusedReason: row?.refused_reason ?? null,
  }
}

/**
 * Where the provider of a connection is to push its receipts to; the address is made the first time that somebody looks.
 *
 * @example (await addressOf(room, news, connection)).address // 'https://auth.example.com/receipts/…'
 */
export async function addressOf(
  room: ReceiptsRoom,
  news: News,
  connection: KeptConnection,
): Promise<ReceiptAddress> {
  if (!connection.connector.receipts?.read) return shown(room, connection)
  const { store } = room
  await news.write()
  const known = await store.byConnection(connection.id)
  if (known) return shown(room, connection, known)
  await store.add({ connection_id: connection.id, ...fresh(room, connection.id) })
  return shown(room, connection, await store.byConnection(connection.id))
}

/**
 * Gives a connection another address; nothing answers at the old one any more.
 *
 * @example await renewAddress(room, news, connection)
 */
export async function renewAddress(
  room: ReceiptsRoom,
  news: News,
  connection: KeptConnection,
): Promise<ReceiptAddress> {
  await addressOf(room, news, connection)
  if (connection.connector.receipts?.read) await room.store.replace(connection.id, fresh(room, connection.id))
  return addressOf(room, news, connection)
}
