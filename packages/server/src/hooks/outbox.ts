import type { HookEvent } from '@countersign/api'
import { newId } from '../crypto/chance.ts'
import type { Keys } from '../crypto/keys.ts'
import type { Database } from '../db/database.ts'
import { describeError } from '../http/errors.ts'
import type { World } from '../world.ts'
import { DEADLINE } from './attempt.ts'
import { type DeliveringRoom, deliver } from './delivering.ts'
import { placeFor } from './robots/holding.ts'
import { createRunners } from './runners.ts'
import { openDelivery, sealBody } from './sealing.ts'
import { countDue, type DeliveryRow, deliveryStore } from './store.ts'

const SECOND = 1000

/** Deliveries under way at once, of one node. */
const MOST_AT_ONCE = 10

/** Of them to one webhook, so that a receiver that answers nobody holds up only itself. */
const MOST_TO_ONE = 4

/** A try that has not ended by then went down with its process; well above the deadline, as clocks differ. */
const LOST_AFTER = DEADLINE + 50 * SECOND

/** Milliseconds after which a node looks again: for due deliveries, lost ones, and those of other nodes. */
const LOOK_EVERY = 2 * SECOND

/** Deliveries that are due are counted no further. */
const MOST_COUNTED = 10_000

/** Milliseconds for deliveries that are under way when the process is asked to stop. */
const GRACE = 5 * SECOND

/** A delivery that waits for its first try. */
function waiting(
  { keys, world }: { keys: Keys; world: World },
  { event, event_id, hook_id, body }: Pick<DeliveryRow, 'event' | 'event_id' | 'hook_id' | 'body'>,
): DeliveryRow {
  const id = newId(world.random)
  const now = world.now()
  return {
    id,
    hook_id,
    event,
    event_id,
    body: sealBody(keys, id, body),
    state: 'waiting',
    tries: 0,
    due_at: now,
    created_at: now,
    settled_at: null,
    status: null,
    outcome: null,
  }
}

/**
 * The outbox: what is to be delivered is written down first, and every node works it off. A delivery is made at
 * least once; its receiver knows a second one by the event's id.
 */
export function createOutbox(
  db: Database,
  keys: Keys,
  world: World,
  deps: Pick<DeliveringRoom, 'fetch' | 'robots' | 'console' | 'targetOf' | 'deadline'>,
) {
  const store = deliveryStore(db)
  const stopping = new AbortController()
  const room: DeliveringRoom = { ...deps, store, keys, world, stop: stopping.signal }
  const runners = createRunners<DeliveryRow>({
    async claim(full) {
      for (;;) {
        const now = world.now()
        const next = await store.due(now, full)
        if (!next) return undefined
        const place = await placeFor({ ...room, db }, next)
        if (place === 'not now') continue
        const claimed = await store.claim(next.id, next.tries, now + LOST_AFTER)
        if (claimed) return claimed
        await place?.giveBack()
      }
    },
    work: row => deliver(room, row),
    keyOf: row => row.hook_id,
    // What goes wrong here is the database's fault; the delivery stays, and counts as lost after a while.
    failed: error => world.log('error', 'webhook fault', { error: describeError(error) }),
    most: MOST_AT_ONCE,
    mostOfOne: MOST_TO_ONE,
  })
  let timer: NodeJS.Timeout | undefined

  /** Has what was just put delivered at once. */
  function wake(): void {
    if (timer) runners.add()
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
      const event_id = newId(world.random)
      const rows = hookIds.map(hook_id => waiting(room, { event, event_id, hook_id, body: bodyFor(hook_id) }))
      await deliveryStore(tx).insert(rows)
    },
    wake,
    /**
     * Sends what a settled delivery held once more, as a delivery of its own.
     *
     * @param isAsked a robot tells it although it has told the same of late; bodies of other receivers stay as they are
     */
    async putAgain(row: DeliveryRow, { isAsked }: { isAsked: boolean }): Promise<string> {
      const { body } = openDelivery(keys, row)
      const said = isAsked ? JSON.stringify({ ...JSON.parse(body), isAsked }) : body
      const again = waiting(room, { ...row, body: said })
      await store.insert([again])
      wake()
      return again.id
    },
    /** How many deliveries are due, on whichever node; counting ends at ten thousand. */
    waiting: () => countDue(db, world.now(), MOST_COUNTED),
    /** Delivers all that is due, and resolves when none is left or under way here. */
    async deliverDue(): Promise<void> {
      runners.add()
      await runners.idle()
    },
    /** From now on events are delivered at once, and what failed when its time has come. */
    start(): void {
      timer ??= setInterval(runners.add, LOOK_EVERY).unref()
      runners.add()
    },
    /** Takes on nothing more, and ends what is under way; what was cut off is tried again by whoever is there then. */
    async stop(): Promise<void> {
      runners.stop()
      clearInterval(timer)
      timer = undefined
      const patience = setTimeout(() => stopping.abort(), GRACE)
      await runners.idle()
      clearTimeout(patience)
    },
  }
}

export type Outbox = ReturnType<typeof createOutbox>
