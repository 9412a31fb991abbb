import { type Connector, type PriceList, type Rate, rateFor } from '@countersign/kit'
import type { Recipient } from '../identifiers/recipient.ts'
import { ApiError } from '../refusals/refusal.ts'
import { type Connection, type ConnectionsRoom, fromRow } from './room.ts'

/** A connection as far as its prices go; of a configuration that is not saved there are those of its connector. */
interface Priced {
  connector: Pick<Connector, 'prices'>
  config: Record<string, unknown>
  prices?: string | null
}

/** So many texts are remembered as they were read; there are as many as connections have prices of their own. */
const MOST_REMEMBERED = 100

const remembered = new Map<string, readonly Rate[]>()

/** Reads what an operator wrote, once: every send asks. */
function read(prices: string): readonly Rate[] {
  let rates = remembered.get(prices)
  if (!rates) {
    if (remembered.size >= MOST_REMEMBERED) remembered.clear()
    rates = JSON.parse(prices) as Rate[]
    remembered.set(prices, rates)
  }
  return rates
}

/**
 * The prices that a connector comes with, for a configuration.
 *
 * @example listOf(connection)?.name
 */
export const listOf = ({ connector, config }: Priced): PriceList | undefined => connector.prices?.(config)

/**
 * What messages cost over a connection: what an operator wrote, else what its connector comes with.
 *
 * @example ratesOf(connection).length
 */
export const ratesOf = (connection: Priced): readonly Rate[] =>
  connection.prices == null ? (listOf(connection)?.rates ?? []) : read(connection.prices)

/**
 * What a message to a recipient costs over a connection; undefined where nobody knows.
 *
 * @example rateOf(connection, recipient)?.price
 */
export const rateOf = (connection: Priced, { channel, value, country }: Recipient): Rate | undefined =>
  rateFor(ratesOf(connection), channel === 'email' ? {} : { digits: value, country })

/**
 * Writes what messages cost over a connection; null for what its connector comes with. What was sent before keeps the
 * price that it had.
 *
 * @throws ApiError `entity.not_found`
 * @example await changePrices(room, id, rates)
 */
export async function changePrices(
  room: ConnectionsRoom,
  id: string,
  rates: readonly Rate[] | null,
): Promise<Connection> {
  const row = await room.store.update(id, { prices: rates && JSON.stringify(rates) })
  const connection = row && fromRow(room, row)
  if (!connection) throw new ApiError('entity.not_found')
  return connection
}
