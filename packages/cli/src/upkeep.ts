import type { Tally } from '@countersign/server/upkeep'
import { EXIT, type ExitCode, Stop } from './exit-codes.ts'
import type { Terminal } from './terminal.ts'
import { BACKUP_PROBLEMS, UPKEEP } from './upkeep-words.ts'

/** Loaded only where it is needed: it brings a part of the server along. */
const load = () => import('@countersign/server/upkeep')
export type Upkeep = Awaited<ReturnType<typeof load>>

const EXITS: Record<keyof typeof BACKUP_PROBLEMS, ExitCode> = {
  none: EXIT.usage,
  passphrase: EXIT.usage,
  damaged: EXIT.refused,
  newer: EXIT.configuration,
  occupied: EXIT.refused,
  running: EXIT.refused,
  differs: EXIT.crash,
  value: EXIT.refused,
}

/**
 * Runs work on the installation that the environment describes, and says of a failure what to do.
 *
 * @throws Stop
 * @example return upkeep(terminal, async server => { await server.restore(…) })
 */
export async function upkeep<T>(terminal: Terminal, work: (server: Upkeep) => Promise<T>): Promise<T> {
  const server = await load()
  terminal.conceal(server.secretsOf(process.env))
  for (const line of server.misreadSettings(process.env)) terminal.complain(line)
  try {
    return await work(server)
  } catch (error) {
    if (error instanceof Stop) throw error
    if (error instanceof server.BackupError)
      throw new Stop(EXITS[error.problem], terminal.tell(BACKUP_PROBLEMS[error.problem](error.about)), {
        problem: error.problem,
      })
    throw new Stop(EXIT.configuration, server.startFailure(error, process.env))
  }
}

/** The same with the installation opened as it is, which must be there. @throws Stop */
export const withInstallation = <T>(
  terminal: Terminal,
  work: (server: Upkeep, here: Awaited<ReturnType<Upkeep['openAsItIs']>>) => Promise<T>,
): Promise<T> =>
  upkeep(terminal, async server => {
    const here = await server.openAsItIs(process.env, {
      create: false,
      write: line => terminal.complain(line),
    })
    try {
      if (here.done.length === 0)
        throw new Stop(EXIT.configuration, terminal.tell(UPKEEP.noInstallation(here.place)))
      return await work(server, here)
    } finally {
      await here.close()
    }
  })

/** How many rows a backup has. */
export const rowsIn = (tables: readonly Tally[]): number => tables.reduce((sum, { rows }) => sum + rows, 0)

/** A line for each table: its rows and the beginning of its fingerprint. */
export const printTables = (terminal: Terminal, tables: readonly Tally[]): void =>
  terminal.rows(
    tables.map(({ table, rows, fingerprint }) => [
      table,
      `${terminal.tell(UPKEEP.rows(rows)).padStart(12)}  ${fingerprint.slice(0, 16)}`,
    ]),
  )
