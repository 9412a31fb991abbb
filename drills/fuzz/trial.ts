import { type Ready, startReady } from '../../e2e/ready.ts'
import { removeInstallation } from '../../packages/cli/src/product.ts'
import { createChance } from '../chance.ts'
import { LITTLE_MEMORY, memoryOf } from '../memory.ts'
import type { Figure } from '../table.ts'
import { type Cast, gather, RIGHTFUL, ROLES, type Role } from './actors.ts'
import { faultOf } from './judge.ts'
import { type Place, placesOf } from './places.ts'
import { draw } from './request.ts'
import { exchange } from './wire.ts'

/** What a run is asked to do. */
export interface Order {
  /** So many requests in all. */
  requests: number
  /** Draws the requests: the same seed draws the same ones, as long as the product answers alike. */
  seed: number
  /** Only places whose method and path hold this text. */
  only: string
  /** PostgreSQL, in place of SQLite. */
  databaseUrl?: string
}

/** Something that the product did wrong. */
export interface Fault {
  role: Role
  what: string
  sent: string
  answered: string
}

/** What one kind of actor was answered. */
interface Tally {
  requests: number
  done: number
  refused: number
  unavailable: number
  unanswered: number
  faults: number
}

/** What came of a run. */
export interface Outcome {
  phases: { title: string; figures: Figure[] }[]
  /** The first faults, to look at. */
  faults: Fault[]
  /** Errors that the server logged: what it did not expect to happen. */
  logged: string[]
  /** Places that nobody was ever let in at. */
  never: string[]
  totals: Figure[]
}

/** Requests that are under way at once. */
const WIDTH = 8

/** After so many requests everybody shows who they are anew. */
const RENEW_EVERY = 2_000

/** Faults that are told at full length. */
const TOLD = 40

/** What a process may grow by after its first half, in MB. What it does not give back would go on growing. */
const MOST_GROWTH = 96

/** What the log rightly calls an error when an operator has set something that cannot work. */
const RIGHTLY_LOGGED = /"event":"check for people unavailable"/

/** The lines of a log that tell of what nobody expected. */
const errorsIn = (output: string) =>
  output.split('\n').filter(line => /"level":"error"/.test(line) && !RIGHTLY_LOGGED.test(line))

const newTally = (): Tally => ({
  requests: 0,
  done: 0,
  refused: 0,
  unavailable: 0,
  unanswered: 0,
  faults: 0,
})

function count(tally: Tally, status: number, isFault: boolean): void {
  tally.requests += 1
  if (isFault) tally.faults += 1
  else if (status === 0) tally.unanswered += 1
  else if (status === 503) tally.unavailable += 1
  else tally[status < 400 ? 'done' : 'refused'] += 1
}

/** Sends what chance draws, so many at once, and looks at every answer. */
async function send(order: Order, cast: Cast, tallies: Record<Role, Tally>, onHalf: () => Promise<void>) {
  const chance = createChance(order.seed)
  const places = placesOf(order.seed).filter(({ method, path }) => `${method} ${path}`.includes(order.only))
  if (places.length === 0) throw new Error(`No place is called ${order.only}`)
  const faults: Fault[] = []
  const entered = new Set<Place>()
  let begun = 0
  let renewing: Promise<void> | undefined

  async function one(): Promise<void> {
    const n = begun++
    // Each place has its turn, however few there are in all.
    const place = places[n % places.length]!
    if (n > 0 && n % RENEW_EVERY === 0) renewing = cast.renew()
    if (n === Math.floor(order.requests / 2)) await onHalf()
    await renewing
    const role = chance.is(0.8) ? RIGHTFUL[place.auth] : chance.of(ROLES)
    const bytes = draw(place, cast.actor(role), chance)
    const received = await exchange(cast.actor(role).ports[place.port], bytes)
    const what = faultOf(bytes, received, cast.secretsFrom(role))
    count(tallies[role], received.status, what !== undefined)
    if (received.status >= 200 && received.status < 400) {
      entered.add(place)
      cast.learn(place, received.body)
    }
    if (what !== undefined && faults.length < TOLD)
      faults.push({
        role,
        what: `${place.method} ${place.path}: ${what}`,
        sent: bytes.toString('latin1').slice(0, 1_500),
        answered: `${received.head}\n\n${received.body}`.slice(0, 1_500),
      })
  }
  const worker = async () => {
    while (begun < order.requests) await one()
  }
  await Promise.all(Array.from({ length: WIDTH }, worker))
  return {
    faults,
    never: places
      .filter(place => !entered.has(place))
      .map(({ port, method, path }) => `${port} ${method} ${path}`),
  }
}

const figuresOf = (tally: Tally): Figure[] => [
  { what: 'requests', value: tally.requests, unit: '' },
  { what: 'done', value: tally.done, unit: '' },
  { what: 'refused', value: tally.refused, unit: '' },
  { what: '503', value: tally.unavailable, unit: '' },
  { what: 'connection ended', value: tally.unanswered, unit: '' },
  { what: 'faults', value: tally.faults, unit: '', most: 0 },
]

/**
 * Starts a product of its own and sends it what no program of good will would send.
 *
 * @example await fuzz({ requests: 1_000, seed: 1, only: '' })
 */
export async function fuzz(order: Order): Promise<Outcome> {
  const settings = {
    TRUST_PROXY: 'true',
    TEST_IDENTITIES: 'on',
    LOG_LEVEL: 'error',
    NODE_OPTIONS: LITTLE_MEMORY,
    ...(order.databaseUrl !== undefined && { DATABASE_URL: order.databaseUrl }),
  }
  const ready = await startReady(settings)
  try {
    return await attack(order, ready)
  } finally {
    await ready.product.stop()
    await removeInstallation(ready.product.installation)
  }
}

async function attack(order: Order, { product }: Ready): Promise<Outcome> {
  const cast = await gather(product, createChance(order.seed))
  const tallies = Object.fromEntries(ROLES.map(role => [role, newTally()])) as Record<Role, Tally>
  let early = await memoryOf(product.pid)
  const { faults, never } = await send(order, cast, tallies, async () => {
    early = await memoryOf(product.pid)
  })
  const late = await memoryOf(product.pid)
  const alive = await fetch(`${product.endpoint}/api/status`).then(
    ({ status }) => status,
    () => 0,
  )
  const logged = errorsIn(product.output())
  return {
    phases: ROLES.map(role => ({ title: role, figures: figuresOf(tallies[role]) })),
    faults,
    logged,
    never,
    totals: [
      { what: 'the server answers afterwards', value: alive === 204 ? 1 : 0, unit: '', least: 1 },
      { what: 'unexpected errors in its log', value: logged.length, unit: '', most: 0 },
      { what: 'its memory after the first half', value: Math.round(early), unit: 'MB' },
      { what: 'what the second half added', value: Math.round(late - early), unit: 'MB', most: MOST_GROWTH },
    ],
  }
}
