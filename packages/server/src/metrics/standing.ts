import { Gauge, type Registry } from 'prom-client'

/** A connection and how it works. */
export interface StandingConnection {
  id: string
  connector: string
  state: string
}

/** A budget and what is used of it in the period that runs, in millionths of its currency. */
export interface StandingBudget {
  id: string
  currency: string
  used: number
  soft: number | null
  hard: number | null
}

/** What became of the messages of the last hour, by channel. */
export interface StandingMessages {
  channel: string
  /** That left, or may have. */
  sent: number
  /** Of them, those whose code was used. */
  verified: number
  delivered: number
  undelivered: number
}

/** Where what stands in the database, or in memory of other rooms, is read when somebody asks. */
export interface Standing {
  connections(): Promise<readonly StandingConnection[]>
  budgets(): Promise<readonly StandingBudget[]>
  messages(): Promise<readonly StandingMessages[]>
  /** How much waits in each queue. */
  queues(): Promise<Readonly<Record<string, number>>>
  /** Connections to the database by what they do; empty where there is no pool of them. */
  pool(): Promise<Readonly<Record<string, number>>>
}

/** Milliseconds for one source, and for which what it said is good however many ask. */
const IN_TIME = 2_000
const GOOD_FOR = 5_000

const STATES = ['healthy', 'resting', 'held'] as const

/** Gauges of connections and budgets. */
function gaugesOfOperators(registers: Registry[]) {
  const state = new Gauge({
    name: 'countersign_connection_state',
    help: 'How each connection works: 1 for the state that it is in.',
    labelNames: ['connection', 'connector', 'state'],
    registers,
  })
  const used = new Gauge({
    name: 'countersign_budget_used',
    help: 'What is used of each budget in the period that runs, in its currency.',
    labelNames: ['budget', 'currency'],
    registers,
  })
  const amount = new Gauge({
    name: 'countersign_budget_amount',
    help: 'The soft and the hard amount of each budget, in its currency.',
    labelNames: ['budget', 'currency', 'level'],
    registers,
  })
  return {
    connections(found: readonly StandingConnection[]): void {
      state.reset()
      for (const { id, connector, state: current } of found)
        for (const each of STATES)
          state.set({ connection: id, connector, state: each }, each === current ? 1 : 0)
    },
    budgets(found: readonly StandingBudget[]): void {
      used.reset()
      amount.reset()
      for (const { id, currency, ...budget } of found) {
        used.set({ budget: id, currency }, budget.used / 1e6)
        for (const level of ['soft', 'hard'] as const)
          if (budget[level] !== null) amount.set({ budget: id, currency, level }, budget[level] / 1e6)
      }
    },
  }
}

/** Gauges of messages, queues and connections to the database. */
function gaugesOfWork(registers: Registry[]) {
  const lately = new Gauge({
    name: 'countersign_messages_last_hour',
    help: 'Messages that left within the last hour (sent), and what became of them; of many, of the newest 5,000.',
    labelNames: ['channel', 'what'],
    registers,
  })
  const waiting = new Gauge({
    name: 'countersign_queue_waiting',
    help: 'What waits in each queue; counting ends at 10,000.',
    labelNames: ['queue'],
    registers,
  })
  const pool = new Gauge({
    name: 'countersign_database_connections',
    help: 'Connections of this node to PostgreSQL by what they do, and those who wait for one.',
    labelNames: ['state'],
    registers,
  })
  const set = <L extends string>(gauge: Gauge<L>, label: L, values: Readonly<Record<string, number>>) => {
    gauge.reset()
    for (const [name, value] of Object.entries(values))
      gauge.set({ [label]: name } as Record<L, string>, value)
  }
  return {
    messages(found: readonly StandingMessages[]): void {
      lately.reset()
      for (const { channel, ...counts } of found)
        for (const [what, count] of Object.entries(counts)) lately.set({ channel, what }, count)
    },
    queues: (values: Readonly<Record<string, number>>) => set(waiting, 'queue', values),
    pool: (values: Readonly<Record<string, number>>) => set(pool, 'state', values),
  }
}

/** Resolves with undefined when it takes too long. */
async function within<T>(work: Promise<T>, limit: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>(resolve => {
    timer = setTimeout(() => resolve(undefined), limit)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Reads what stands in the database when metrics are asked for: each source has two seconds, and what it said is good for
 * five, however many ask. A source that fails, or is late, is shown as such, and without figures that are no longer true.
 *
 * @param now milliseconds that only ever grow
 * @example
 * const refresh = createStanding(registry, standing, () => performance.now())
 * await refresh()
 */
export function createStanding(registry: Registry, standing: Standing, now: () => number, inTime = IN_TIME) {
  const gauges = { ...gaugesOfOperators([registry]), ...gaugesOfWork([registry]) }
  const up = new Gauge({
    name: 'countersign_source_up',
    help: 'Whether what is read at each scrape could be read in time: 1 or 0.',
    labelNames: ['source'],
    registers: [registry],
  })
  /** Sources that have not answered yet are not asked again. */
  const busy = new Set<string>()

  async function refresh<T>(
    source: keyof Standing,
    read: () => Promise<T>,
    empty: T,
    show: (found: T) => void,
  ) {
    if (busy.has(source)) return
    busy.add(source)
    const reading = read()
      // Whoever reads the metrics sees that the source is down; the database's own log says why.
      .catch(() => undefined)
      .finally(() => busy.delete(source))
    const found = await within(reading, inTime)
    show(found ?? empty)
    up.set({ source }, found === undefined ? 0 : 1)
  }

  let current: { at: number; done: Promise<unknown> } | undefined
  return (): Promise<unknown> => {
    const at = now()
    if (current && at - current.at < GOOD_FOR) return current.done
    const done = Promise.all([
      refresh('connections', standing.connections, [], gauges.connections),
      refresh('budgets', standing.budgets, [], gauges.budgets),
      refresh('messages', standing.messages, [], gauges.messages),
      refresh('queues', standing.queues, {}, gauges.queues),
      refresh('pool', standing.pool, {}, gauges.pool),
    ])
    current = { at, done }
    return done
  }
}
