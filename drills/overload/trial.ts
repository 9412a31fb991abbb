import { Agent, get } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { median } from '../../bench/rounds.ts'
import { type Ready, startReady } from '../../e2e/ready.ts'
import { removeInstallation } from '../../packages/cli/src/product.ts'
import { LITTLE_MEMORY, memoryOf } from '../memory.ts'
import { addressOf } from '../strangers/stranger.ts'
import type { Figure } from '../table.ts'
import { honest } from './honest.ts'

/** What a drill is asked to do. */
export interface Order {
  /** How long each flood lasts, in seconds. */
  seconds: number
  /** The server's `MAX_REQUESTS`. */
  places: number
}

/** A flood and what it did to others. */
export interface Phase {
  title: string
  figures: Figure[]
}

/**
 * Answers to a flood from one place while one honest person is on the way, for each place of the server: whoever waited
 * until a flood is over would see all of them.
 */
const MOST_MEANWHILE = 20

/** What a process may grow by after the first quarter of a flood, in MB: what is not given back would go on growing. */
const MOST_GROWTH = 64

/** Milliseconds after which whoever asks gives up, so that those who wait do not become more and more. */
const GIVES_UP = 5_000

/**
 * Requests of a flood from everywhere that wait for their answers at once, for each place of the server: with more of them
 * the flood itself has no time left for what it is to send.
 */
const MOST_OPEN = 4

/** Counts what a flood is answered; 0 stands for a connection that ended, or for one who gave up. */
type Answers = Map<number, number>

const countOf = (answers: Answers, wanted: (status: number) => boolean) =>
  [...answers].reduce((sum, [status, count]) => (wanted(status) ? sum + count : sum), 0)

/** Begins sign-ins, which is the dearest thing that strangers may ask for again and again. */
function createFlood({ product, application }: Ready) {
  const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY })
  const query = new URLSearchParams({
    client_id: application.id,
    redirect_uri: application.redirectUri,
    response_type: 'code',
    scope: 'openid',
    code_challenge: 'Dnlg0lIM9kvc1y-FRqNIka8znqXeMCSKSgGQDP7XxfU',
    code_challenge_method: 'S256',
  })
  const answers: Answers = new Map()
  let withoutWait = 0
  const one = (address: string) =>
    new Promise<void>(resolve => {
      const done = (status: number) => {
        answers.set(status, (answers.get(status) ?? 0) + 1)
        resolve()
      }
      const url = `${product.endpoint}/oidc/auth?${query}`
      const signal = AbortSignal.timeout(GIVES_UP)
      get(url, { agent, signal, headers: { 'x-forwarded-for': address } }, response => {
        const { statusCode = 0, headers } = response
        if (statusCode === 503 && headers['retry-after'] === undefined) withoutWait += 1
        response.resume().once('close', () => done(statusCode))
      }).once('error', () => done(0))
    })
  return {
    one,
    answers,
    /** How many answers came so far. */
    count: () => countOf(answers, () => true),
    withoutWait: () => withoutWait,
    end: () => agent.destroy(),
  }
}

type Flood = ReturnType<typeof createFlood>

/** Seconds after which a flood from one place shows nothing more: what it may hold is bounded from the first moment on. */
const ONE_PLACE_LASTS = 60

const memoryAfterQuarter = ({ product }: Ready, seconds: number) =>
  sleep(seconds * 250).then(() => memoryOf(product.pid))

/** One place sends as much as it can: twice as many requests at once as the server has places. */
export async function fromOnePlace(ready: Ready, { seconds, places }: Order): Promise<Phase> {
  const flood = createFlood(ready)
  const lasts = Math.min(seconds, ONE_PLACE_LASTS)
  const end = performance.now() + lasts * 1_000
  const isOver = () => performance.now() > end
  const early = memoryAfterQuarter(ready, lasts)
  const worker = async () => {
    while (!isOver()) await flood.one('8.8.4.4')
  }
  const all = Promise.all(Array.from({ length: places * 2 }, worker))
  const others = await honest(ready, flood.count, isOver)
  await all
  flood.end()
  return {
    title: 'one network, as much as it can',
    figures: await figuresOf(ready, flood, others, {
      early: await early,
      refused: 0,
      meanwhile: MOST_MEANWHILE * places,
    }),
  }
}

/** Twice as many requests in a second as the server can answer, each from a network of its own. */
async function fromEverywhere(ready: Ready, { seconds, places }: Order): Promise<Phase> {
  const rate = 2 * (await capacityOf(ready, Math.min(10, seconds)))
  const flood = createFlood(ready)
  const began = performance.now()
  const isOver = () => performance.now() > began + seconds * 1_000
  const others = honest(ready, flood.count, isOver)
  let sent = 0
  const early = memoryAfterQuarter(ready, seconds)
  const open = new Set<Promise<void>>()
  while (!isOver()) {
    const due = ((performance.now() - began) / 1_000) * rate
    for (; sent < due; sent += 1) {
      if (open.size >= MOST_OPEN * places) continue
      const one: Promise<void> = flood.one(addressOf(sent % 60_000)).finally(() => open.delete(one))
      open.add(one)
    }
    await sleep(20)
  }
  await Promise.all(open)
  flood.end()
  return {
    title: `many networks, ${Math.round(rate)} requests a second with ${places} places`,
    figures: await figuresOf(ready, flood, await others, { early: await early, growth: MOST_GROWTH }),
  }
}

/** Requests in a second that the server answers when it is asked for no more than it can do. */
async function capacityOf(ready: Ready, seconds: number): Promise<number> {
  const flood = createFlood(ready)
  const end = performance.now() + seconds * 1_000
  let n = 0
  const worker = async () => {
    while (performance.now() < end) await flood.one(addressOf(200_000 + n++))
  }
  await Promise.all(Array.from({ length: 16 }, worker))
  flood.end()
  return n / seconds
}

async function figuresOf(
  ready: Ready,
  { answers, withoutWait }: Flood,
  others: Awaited<ReturnType<typeof honest>>,
  { early, ...bounds }: { early: number; refused?: number; meanwhile?: number; growth?: number },
): Promise<Figure[]> {
  const alive = await fetch(`${ready.product.endpoint}/api/status`).then(
    ({ status }) => status,
    () => 0,
  )
  const memory = await memoryOf(ready.product.pid)
  return [
    { what: 'answered', value: countOf(answers, status => status > 0 && status < 400), unit: '' },
    { what: 'turned away', value: countOf(answers, status => status === 503), unit: '', least: 1 },
    { what: 'of these without Retry-After', value: withoutWait(), unit: '', most: 0 },
    {
      what: 'answered otherwise',
      value: countOf(answers, status => status >= 400 && status !== 503),
      unit: '',
      most: 0,
    },
    { what: 'given up after 5 s', value: answers.get(0) ?? 0, unit: '' },
    { what: 'honest people served', value: others.served, unit: '', least: 1 },
    {
      what: 'honest people refused',
      value: others.refused,
      unit: '',
      ...(bounds.refused !== undefined && { most: bounds.refused }),
    },
    { what: 'wait of every second honest one', value: Math.round(median(others.waits)), unit: 'ms' },
    { what: 'longest wait of an honest one', value: Math.round(Math.max(...others.waits)), unit: 'ms' },
    {
      what: 'answers to the flood meanwhile',
      value: others.meanwhile,
      unit: '',
      ...(bounds.meanwhile !== undefined && { most: bounds.meanwhile }),
    },
    { what: 'memory', value: Math.round(memory), unit: 'MB' },
    {
      what: 'grown since the first quarter',
      value: Math.round(memory - early),
      unit: 'MB',
      ...(bounds.growth !== undefined && { most: bounds.growth }),
    },
    { what: 'status afterwards', value: alive, unit: '', least: 204, most: 204 },
  ]
}

/**
 * Starts a server of its own and asks it for more than it can do, while honest people ask for codes.
 *
 * @example await overload({ seconds: 60, places: 200 }, [fromOnePlace])
 */
export async function overload(
  order: Order,
  floods: readonly ((ready: Ready, order: Order) => Promise<Phase>)[],
): Promise<Phase[]> {
  const ready = await startReady({
    TRUST_PROXY: 'true',
    MAX_REQUESTS: String(order.places),
    LOG_LEVEL: 'error',
    NODE_OPTIONS: LITTLE_MEMORY,
  })
  try {
    const phases: Phase[] = []
    for (const flood of floods) phases.push(await flood(ready, order))
    return phases
  } finally {
    await ready.product.stop()
    await removeInstallation(ready.product.installation)
  }
}

export const FLOODS = [fromOnePlace, fromEverywhere] as const
