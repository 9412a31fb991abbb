import { setTimeout as sleep } from 'node:timers/promises'
import { type Ready, startReady } from '../../e2e/ready.ts'
import { removeInstallation } from '../../packages/cli/src/product.ts'
import { type Figure, figure } from '../table.ts'
import { startTraffic, type Tally } from './traffic.ts'

/** Something bad that happens to a database, for a while. */
export interface Blow {
  title: string
  /** Milliseconds that it lasts. */
  lasts: number
  strike(): Promise<void>
  heal(): Promise<void>
}

/** What a drill of one database found. */
export interface Findings {
  title: string
  /** What was measured in each phase, the same figures in the same order. */
  phases: { title: string; figures: Figure[] }[]
  /** What was measured in the end. */
  figures: Figure[]
  /** What went wrong, in words. */
  complaints: string[]
}

/** The blows that are wanted: by a word of their title, or of their database's; all when no word is given. */
export const chosen = (database: string, blows: Blow[], wanted: readonly string[]) =>
  blows.filter(({ title }) => {
    const words = `${database} ${title}`.toLowerCase()
    return wanted.length === 0 || wanted.some(word => words.includes(word.toLowerCase()))
  })

/** So many visitors at once. */
const VISITORS = 6

/** Milliseconds of quiet before the first blow. */
const QUIET = 2_000

/** Milliseconds within which everything is answered. */
const ANSWER_WITHIN = 5_000

/** Milliseconds from the end of a blow to the next sign-in: a visitor may just have been told to come again. */
const SIGN_IN_WITHIN = 5_000

/** Milliseconds that the event loop may stand; on a busy machine it stands for a while by itself. */
const PAUSE_AT_MOST = 1_000

/**
 * Starts a server with a database, lets visitors in, strikes the database one blow after another, and looks at what
 * they met and at what was kept.
 *
 * @param settings by their names in the environment
 * @param prepare gives the blows, when the server is there
 */
export async function tryDatabase(
  title: string,
  settings: Record<string, string>,
  prepare: (ready: Ready) => Promise<Blow[]>,
): Promise<Findings> {
  const ready = await startReady({ TRUST_PROXY: 'true', LOG_LEVEL: 'error', ...settings })
  const { product, management, application } = ready
  const phases: Findings['phases'] = []
  const figures: Figure[] = []
  const complaints: string[] = []
  const goal = {
    endpoint: product.endpoint,
    inboxUrl: product.inboxUrl,
    applicationId: application.id,
    redirectUri: application.redirectUri,
  }
  const isReady = async () => (await fetch(`${product.endpoint}/api/health/ready`)).status
  try {
    const blows = await prepare(ready)
    const traffic = startTraffic(goal, VISITORS)
    await sleep(QUIET)
    const note = (phase: string, tally: Tally, until: number) => {
      const told = [...new Set([...tally.faults, ...tally.refusals])].slice(0, 10)
      complaints.push(...told.map(each => `${phase}: ${each}`))
      phases.push({ title: phase, figures: figuresOf(tally, until) })
    }
    const first = await traffic.nextSignIn()
    note('no blow', traffic.take(), first)
    for (const { title: blow, lasts, strike, heal } of blows) {
      await strike()
      await sleep(lasts)
      const during = await isReady().catch(() => 0)
      await heal()
      const until = await traffic.nextSignIn()
      // Its answer is good for a second.
      let after = 0
      for (let looks = 0; looks < 20 && after !== 200; looks += 1) {
        await sleep(200)
        after = await isReady().catch(() => 0)
      }
      note(blow, traffic.take(), until)
      if (product.hasEnded()) break
      // A short blow may be over before anybody looks.
      if (during !== 503 && lasts > 1_000)
        complaints.push(`${blow}: /api/health/ready said ${during} meanwhile`)
      if (after !== 200) complaints.push(`${blow}: /api/health/ready said ${after} afterwards`)
    }
    await traffic.stop()
    // Of a process that has ended nobody can ask more.
    const kept = new Set(product.hasEnded() ? [] : await phonesIn(management))
    const missing = traffic.registered.filter(phone => !kept.has(phone))
    figures.push(
      figure('registrations acknowledged', traffic.registered.length, { least: 1 }),
      figure('of them not in the database', missing.length, { most: 0 }),
    )
  } finally {
    const died = product.hasEnded()
    figures.push(figure('processes that ended', Number(died), { most: 0 }))
    if (died) complaints.push(`The process ended:\n${product.output().slice(-2_000)}`)
    else await product.stop()
    await removeInstallation(product.installation)
  }
  return { title, phases, figures, complaints }
}

function figuresOf(tally: Tally, untilSignIn: number): Figure[] {
  return [
    figure('answers', tally.answers),
    figure('503 + Retry-After', tally.unavailable),
    figure('other faults', tally.faults.length, { most: 0 }),
    figure('refused', tally.refusals.length, { most: 0 }),
    figure('codes lost', tally.codesLost, { most: 0 }),
    figure('begun anew', tally.begunAnew),
    figure('sign-ins', tally.signIns),
    figure('slowest answer', Math.round(tally.slowest), { unit: 'ms', most: ANSWER_WITHIN }),
    figure('event loop stood', Math.round(tally.longestPause), { unit: 'ms', most: PAUSE_AT_MOST }),
    figure('next sign-in after', Math.round(untilSignIn), { unit: 'ms', most: SIGN_IN_WITHIN }),
  ]
}

/** The phone numbers of all users, as often as they stand there. */
export async function phonesIn(management: Ready['management']): Promise<string[]> {
  const phones: string[] = []
  for (let page = 1; ; page += 1) {
    const { body } = await management<{ primaryPhone: string }[]>(
      'GET',
      `/api/users?page=${page}&page_size=100`,
    )
    phones.push(...body.map(({ primaryPhone }) => primaryPhone))
    if (body.length < 100) return phones
  }
}
