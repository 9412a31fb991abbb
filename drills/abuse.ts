import { startOwnPostgres } from '../scripts/postgres.ts'
import { BOMBERS } from './abuse/bombers.ts'
import { bomb, type Findings, type Scale } from './abuse/trial.ts'
import { conclude, runAsCommand } from './command.ts'
import { keepIn } from './document.ts'
import { gridOf } from './table.ts'

/** Nobody waits longer for the drill, however slow the machine is. */
const AT_MOST = 90 * 60_000

/** In the long form. */
const SHOTS = 10_000
const CROWD = { office: 300, mobile: 100, others: 100 }

/** Fewer people sign in beside fewer messages, and never less than a fifth. */
function scaleOf(shots: number): Scale {
  const part = Math.min(1, Math.max(0.2, shots / SHOTS))
  const crowd = {
    office: Math.ceil(CROWD.office * part),
    mobile: Math.ceil(CROWD.mobile * part),
    others: Math.ceil(CROWD.others * part),
  }
  return { shots, crowd, width: 8 }
}

/** Databases that nobody has used. */
async function openStore(isPostgres: boolean) {
  if (!isPostgres) return { fresh: async () => 'sqlite::memory:', stop: async () => {} }
  const postgres = await startOwnPostgres()
  if (postgres.url === null) throw new Error(`PostgreSQL cannot be had here: ${postgres.reason}`)
  const { url, stop } = postgres
  let count = 0
  async function fresh(): Promise<string> {
    const { default: pg } = await import('pg')
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    count += 1
    await client.query(`create database abuse_${count}`)
    await client.end()
    return Object.assign(new URL(url), { pathname: `/abuse_${count}` }).href
  }
  return { fresh, stop }
}

/**
 * `npm run drill:abuse`: lets bombers loose on servers without protection, as they come, and set up as `docs/abuse.md`
 * recommends, while honest people sign in; a day of simulated time for each. Prints what came of it, and ends with 1
 * where a figure is beyond its bound. Words after the command: `postgresql` for that database, a number for so many
 * messages in place of 10,000, `keep` to write the table into the document, and anything else chooses bombers by their
 * titles: `npm run drill:abuse -- postgresql 2000 slow`.
 */
async function drill(words: readonly string[]): Promise<boolean> {
  const isPostgres = words.includes('postgresql')
  const scale = scaleOf(Number(words.find(word => /^\d+$/.test(word)) ?? SHOTS))
  const titles = words.filter(word => !/^(\d+|postgresql|keep)$/.test(word))
  const chosen = BOMBERS.filter(({ title }) => titles.every(word => title.includes(word)))
  const { fresh, stop } = await openStore(isPostgres)
  const all: Findings[] = []
  try {
    for (const bomber of chosen) {
      const findings = await bomb(bomber, scale, fresh)
      console.log(`\n${findings.title}\n\n${gridOf([findings])}`)
      for (const complaint of findings.complaints) console.log(complaint)
      all.push(findings)
    }
  } finally {
    await stop()
  }
  const figures = all.flatMap(each => each.figures)
  const names = BOMBERS.map(({ title }) => title)
  const allHold = conclude(figures, names)
  if (words.includes('keep')) keepIn('docs/abuse.md', 'drill:abuse', gridOf(all))
  return allHold
}

await runAsCommand(drill, AT_MOST)
