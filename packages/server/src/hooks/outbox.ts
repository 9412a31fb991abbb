import type { HookConfig, HookEvent } from '@countersign/api'
import type { Fetch } from '@countersign/kit'
import { newId } from '../crypto/chance.ts'
import type { Keys } from '../crypto/keys.ts'
import { open, seal } from '../crypto/seal.ts'
import type { Database } from '../db/database.ts'
import { describeError } from '../http/errors.ts'
import type { World } from '../world.ts'
import { attempt, DEADLINE, type Ending } from './attempt.ts'
import { type DeliveryRow, deliveryStore } from './store.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND

/** Deliveries under way at once, of one node. */
const MOST_AT_ONCE = 10

/** Of them to one webhook, so that a receiver that answers nobody holds up only itself. */
const MOST_TO_ONE = 4

/** Tries after the first one, unless the webhook says fewer: what Logto's documents promise. */
const RETRIES = 3

/** Pauses before the tries after the first: a hiccup, a restart, a repair. */
const PAUSES = [10 * SECOND, 2 * MINUTE, 30 * MINUTE] as const

/** A receiver may ask for patience, but not for ever. */
const LONGEST_PAUSE = 60 * MINUTE

/** A try that has not ended by then went down with its process; well above the deadline, as clocks differ. */
const LOST_AFTER = DEADLINE + 50 * SECOND

/** How often a node looks for what became due, was left behind, or was written by another node. */
const LOOK_EVERY = 2 * SECOND

/** What is under way when the process is asked to stop gets this long. */
const GRACE = 5 * SECOND

/** Where the deliveries to a webhook go now. */
export interface Target {
  enabled: boolean
  config: HookConfig
  signingKey: string
}

/** What of the answer is kept, for operators. */
export type Outcome = Pick<Ending, 'error'> & { body?: unknown }

const bodyContext = (id: string) => `hook-delivery/${id}`
const outcomeContext = (id: string) => `hook-outcome/${id}`

/** What an operator may read of a settled delivery. */
export const openDelivery = (keys: Keys, { id, body, outcome }: DeliveryRow) => ({
  body: open(keys.seal, body, bodyContext(id)),
  outcome: (outcome === null ? {} : JSON.parse(open(keys.seal, outcome, outcomeContext(id)))) as Outcome,
})

/**
 * The outbox: what is to be delivered is written down first, and every node works it off. A delivery is made at
 * least once; its receiver knows a second one by the event's id.
 */
export function createOutbox(
  db: Database,
  keys: Keys,
  world: World,
  deps: { fetch: Fetch; targetOf(hookId: string): Promise<Target | undefined>; deadline?: number },
) {
  const store = deliveryStore(db)
  const runners = new Set<Promise<void>>()
  /** Deliveries under way here, by webhook. */
  const busy = new Map<string, number>()
  const stopping = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  /** The next delivery is looked for by one runner at a time: they would all find the same one. */
  let turn: Promise<unknown> = Promise.resolve()

  const enclose = (id: string, outcome: Outcome) =>
    seal(keys.seal, JSON.stringify(outcome), outcomeContext(id))

  async function claimNext(): Promise<DeliveryRow | undefined> {
    while (!stopped) {
      const full = [...busy].filter(([, count]) => count >= MOST_TO_ONE).map(([hookId]) => hookId)
      const now = world.now()
      const next = await store.due(now, full)
      if (!next) return undefined
      const claimed = await store.claim(next.id, next.tries, now + LOST_AFTER)
      if (claimed) return claimed
    }
    return undefined
  }

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = turn.then(work)
    // Whoever waits for `mine` hears of a failure; the next in turn goes on after it.
    turn = mine.catch(() => undefined)
    return mine
  }

  const settle = (row: DeliveryRow, { delivered, response, error }: Omit<Ending, 'retry'>) =>
    store.conclude(row, {
      state: delivered ? 'delivered' : 'failed',
      settled_at: world.now(),
      status: response?.status ?? null,
      outcome: enclose(row.id, {
        ...(response && { body: response.body }),
        ...(error !== undefined && { error }),
      }),
    })

  /** Jitter keeps what failed together from coming back together. */
  function pauseAfter(tries: number, wished = 0): number {
    const pause = PAUSES[Math.min(tries, PAUSES.length) - 1]! * (0.75 + world.random(1)[0]! / 510)
    return Math.min(Math.max(Math.round(pause), wished), LONGEST_PAUSE)
  }

  async function deliver(row: DeliveryRow): Promise<void> {
    const target = await deps.targetOf(row.hook_id)
    if (!target?.enabled) {
      const error = `The webhook was ${target ? 'disabled' : 'deleted'} before the delivery`
      await settle(row, { delivered: false, error })
      return
    }
    const { config, signingKey } = target
    const most = 1 + Math.floor(config.retries ?? RETRIES)
    // Only a process that died in the middle leaves a delivery behind that has had all its tries.
    if (row.tries > most) {
      await settle(row, { delivered: false, error: 'The process ended during the last try' })
      return
    }
    const { body } = openDelivery(keys, row)
    const ending = await attempt(
      deps.fetch,
      { config, signingKey, body, eventId: row.event_id },
      { stop: stopping.signal, ...(deps.deadline !== undefined && { deadline: deps.deadline }) },
    )
    if (ending.delivered || !ending.retry || row.tries >= most) await settle(row, ending)
    else await store.conclude(row, { due_at: world.now() + pauseAfter(row.tries, ending.retryAfter) })
    if (!ending.delivered)
      world.log('warn', 'webhook not delivered', {
        attemptId: row.id,
        ...(ending.response && { status: ending.response.status }),
      })
  }

  async function run(): Promise<void> {
    for (;;) {
      const row = await inTurn(async () => {
        const claimed = await claimNext()
        if (claimed) busy.set(claimed.hook_id, (busy.get(claimed.hook_id) ?? 0) + 1)
        return claimed
      })
      if (!row) return
      // Where there was one there may be more, and this runner is busy now.
      addRunner()
      try {
        await deliver(row)
      } finally {
        const left = busy.get(row.hook_id)! - 1
        if (left > 0) busy.set(row.hook_id, left)
        else busy.delete(row.hook_id)
      }
    }
  }

  function addRunner(): void {
    if (stopped || runners.size >= MOST_AT_ONCE) return
    // What goes wrong here is the database's fault; the delivery stays, and counts as lost after a while.
    const runner: Promise<void> = run()
      .catch(error => world.log('error', 'webhook fault', { error: describeError(error) }))
      .finally(() => runners.delete(runner))
    runners.add(runner)
  }

  /** Has what was just put delivered at once. */
  function wake(): void {
    if (timer) addRunner()
  }

  /** Delivers all that is due, and resolves when none is left or under way here. */
  async function deliverDue(): Promise<void> {
    addRunner()
    while (runners.size > 0) await Promise.all(runners)
  }

  return {
    /**
     * Writes down that an event is to be told to webhooks; `bodyFor` gives the body that each is sent.
     *
     * @param tx the transaction of the change that it tells of; when that is there, `wake`
     */
    async put(
      tx: Database,
      event: HookEvent,
      hookIds: string[],
      bodyFor: (hookId: string) => string,
    ): Promise<void> {
      const eventId = newId(world.random)
      const now = world.now()
      const rows = hookIds.map(hookId => waiting(event, eventId, hookId, bodyFor(hookId), now))
      await deliveryStore(tx).insert(rows)
    },
    wake,
    /** Sends what a settled delivery held once more, as a delivery of its own. */
    async putAgain(row: DeliveryRow): Promise<string> {
      const { body } = openDelivery(keys, row)
      const again = waiting(row.event, row.event_id, row.hook_id, body, world.now())
      await store.insert([again])
      wake()
      return again.id
    },
    deliverDue,
    /** From now on events are delivered at once, and what failed when its time has come. */
    start(): void {
      timer ??= setInterval(addRunner, LOOK_EVERY).unref()
      addRunner()
    },
    /** Takes on nothing more, and ends what is under way; what was cut off is tried again by whoever is there then. */
    async stop(): Promise<void> {
      stopped = true
      clearInterval(timer)
      timer = undefined
      const patience = setTimeout(() => stopping.abort(), GRACE)
      while (runners.size > 0) await Promise.all(runners)
      clearTimeout(patience)
    },
  }

  function waiting(event: string, eventId: string, hookId: string, body: string, now: number): DeliveryRow {
    const id = newId(world.random)
    return {
      id,
      hook_id: hookId,
      event,
      event_id: eventId,
      body: seal(keys.seal, body, bodyContext(id)),
      state: 'waiting',
      tries: 0,
      due_at: now,
      created_at: now,
      settled_at: null,
      status: null,
      outcome: null,
    }
  }
}

export type Outbox = ReturnType<typeof createOutbox>
