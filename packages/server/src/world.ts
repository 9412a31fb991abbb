import type { Fetch } from '@countersign/kit'
import { pooledRandom } from './crypto/chance.ts'

/** What may be logged: a closed list, so that neither a code nor a recipient nor a key can slip in. */
export interface LogFields {
  requestId?: string
  method?: string
  path?: string
  status?: number
  took?: number
  code?: string
  connector?: string
  /** Name of a connector package. */
  package?: string
  failure?: string
  providerCode?: string
  attemptId?: string
  applicationId?: string
  /** Message of an unexpected error, with its stack. */
  error?: string
  port?: number
}

export type Log = (level: 'info' | 'warn' | 'error', event: string, fields?: LogFields) => void

/** The one seam to the outside: network, time, chance and the log. */
export interface World {
  fetch: Fetch
  /** Milliseconds since the Unix epoch. */
  now(): number
  random(size: number): Uint8Array
  log: Log
}

const ALLOWED: readonly (keyof LogFields)[] = [
  'requestId',
  'method',
  'path',
  'status',
  'took',
  'code',
  'connector',
  'package',
  'failure',
  'providerCode',
  'attemptId',
  'applicationId',
  'error',
  'port',
]

const RANK = { info: 0, warn: 1, error: 2, silent: 3 } as const

/** A log of JSON lines from a level upwards; takes only the allowed fields, whatever it is handed. */
export function jsonLog(
  write: (line: string) => void,
  now: () => number,
  least: keyof typeof RANK = 'info',
): Log {
  return (level, event, fields = {}) => {
    if (RANK[level] < RANK[least]) return
    const line: Record<string, unknown> = { time: new Date(now()).toISOString(), level, event }
    for (const name of ALLOWED) if (fields[name] !== undefined) line[name] = fields[name]
    write(JSON.stringify(line))
  }
}

/** The real outside. */
export function realWorld(
  fetch: Fetch,
  write: (line: string) => void,
  least: keyof typeof RANK = 'info',
): World {
  return { fetch, now: Date.now, random: pooledRandom(), log: jsonLog(write, Date.now, least) }
}
