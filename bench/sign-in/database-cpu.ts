import { readdirSync, readFileSync } from 'node:fs'
import pg from 'pg'

/** Linux counts in these. */
const TICKS_PER_SECOND = 100

interface Stat {
  parent: number
  /** Its own, and that of children which have ended, in ticks. */
  own: number
  ended: number
}

function statOf(pid: number | string): Stat | undefined {
  try {
    // The name in parentheses may contain spaces.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
      .map(Number)
    return { parent: fields[1]!, own: fields[11]! + fields[12]!, ended: fields[13]! + fields[14]! }
  } catch {
    return undefined // it has ended meanwhile
  }
}

/** The seconds of CPU that a PostgreSQL on this machine, with all its processes, has used so far. Linux only. */
export async function databaseCpu(url: string): Promise<() => number> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query('select pg_backend_pid() as pid')
  const main = statOf(rows[0].pid)!.parent
  await client.end()
  return () => {
    const { own, ended } = statOf(main)!
    const children = readdirSync('/proc')
      .filter(name => /^\d+$/.test(name))
      .map(statOf)
      .filter(stat => stat?.parent === main)
    return (own + ended + children.reduce((sum, stat) => sum + stat!.own, 0)) / TICKS_PER_SECOND
  }
}
