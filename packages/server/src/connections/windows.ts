import type { ConnectionWindows } from '@countersign/api'
import type { Connector, Windows } from '@countersign/kit'
import type { Recipient } from '../identifiers/recipient.ts'

/** A connection as far as it matters how many messages its provider takes. */
interface Windowed {
  id: string
  connector: Pick<Connector, 'id' | 'windows'>
  config: Readonly<Record<string, unknown>>
  windows: ConnectionWindows | null
}

/** How many messages a connection's provider takes for one number. */
interface Turn {
  id: string
  by: readonly string[]
  windows: Windows
  rolling: readonly string[]
}

const NONE: Windows = { pause: null, minute: null, hour: null, day: null }

/** Whether a number is among those that the provider is told to let through. */
const isExempt = ({ windows }: Windowed, { value }: Recipient) => windows?.exempt.includes(value) === true

/**
 * How many messages to a recipient the provider of a connection takes: what an operator has said, else what the connector
 * says. Only mainland numbers are counted, as the clouds do.
 *
 * @example turnOf(connection, recipient).windows.minute // 1
 */
export function turnOf(connection: Windowed, recipient: Recipient): Turn {
  const { id, connector, config, windows } = connection
  const { usual, rolling, by } = connector.windows ?? { usual: () => NONE, rolling: [], by: [] }
  const counts = recipient.country === 'CN' && !isExempt(connection, recipient)
  return {
    id,
    by: [connector.id, ...by.map(name => String(config[name] ?? ''))],
    windows: counts ? (windows ?? usual(config)) : NONE,
    rolling,
  }
}

/** What is kept of windows: `readWindows(row.windows)?.minute`. */
export const readWindows = (kept: string | null): ConnectionWindows | null =>
  kept === null ? null : JSON.parse(kept)
