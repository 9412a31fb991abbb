import { startOwnPostgres } from '../scripts/postgres.ts'
import { conclude, runAsCommand } from './command.ts'
import { failover, type Scale } from './failover/trial.ts'
import { type Figure, gridOf, tableOf } from './table.ts'

/** Nobody waits longer for the drill, whatever it does to the providers. */
const AT_MOST = 600_000

const SECOND = 1_000

/**
 * A provider that hangs is noticed when its first messages have waited for as long as any may, and those after it for some
 * seconds: so that lasts longer.
 */
const SCALE: Scale = {
  perSecond: 100,
  sendTimeout: 8 * SECOND,
  quiet: 5 * SECOND,
  blows: {
    dies: 8 * SECOND,
    hangs: 14 * SECOND,
    'answers HTML': 8 * SECOND,
    'is out of balance': 8 * SECOND,
    'has its key revoked': 8 * SECOND,
    'both die': 12 * SECOND,
  },
  recovery: 45 * SECOND,
  typed: 10,
}

const DATABASES = ['SQLite', 'PostgreSQL'] as const

interface Ground {
  settings: Record<string, string>
  stop(): Promise<void>
}

async function settingsOf(database: (typeof DATABASES)[number]): Promise<Ground> {
  if (database === 'SQLite') return { settings: {}, stop: async () => {} }
  const postgres = await startOwnPostgres()
  if (postgres.url === null) throw new Error(`PostgreSQL cannot be had here: ${postgres.reason}`)
  return { settings: { DATABASE_URL: postgres.url }, stop: () => postgres.stop() }
}

/**
 * `npm run drill:failover`: has a server of its own send 100 codes a second over two connections while the first provider
 * dies, hangs, answers HTML, runs out of balance and has its key revoked, and at last both die. Prints what the callers met,
 * and ends with 1 when a figure is beyond its bound. Words after the command choose a database, and how many codes are
 * asked for in a second where the machine is too slow for a hundred: `npm run drill:failover -- postgresql 50`.
 */
async function drill(words: readonly string[]): Promise<boolean> {
  const wanted = words.find(word => !Number(word)) ?? ''
  const perSecond = Number(words.find(word => Number(word)) ?? SCALE.perSecond)
  const all: Figure[] = []
  for (const database of DATABASES.filter(name => name.toLowerCase().startsWith(wanted.toLowerCase()))) {
    const { settings, stop } = await settingsOf(database)
    try {
      const { phases, figures, bothDown, complaints } = await failover({ ...SCALE, perSecond }, settings)
      console.log(`\n${database}: the first provider …\n\n${gridOf(phases)}`)
      console.log(`\n${tableOf(figures)}\n\n${tableOf(bothDown)}`)
      for (const complaint of complaints) console.log(`! ${complaint}`)
      all.push(...phases.flatMap(phase => phase.figures), ...figures, ...bothDown)
    } finally {
      await stop()
    }
  }
  return conclude(all, DATABASES)
}

await runAsCommand(drill, AT_MOST)
