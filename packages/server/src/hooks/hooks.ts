import type { HookConfigInput, HookEvent } from '@countersign/api'
import type { Keys } from '../crypto/keys.ts'
import type { Database } from '../db/database.ts'
import type { Page } from '../http/pagination.ts'
import type { World } from '../world.ts'
import { type LogQuery, purgeLog, readEntry, readLog, redeliver } from './log.ts'
import { createOutbox } from './outbox.ts'
import { type HooksRoom, toTarget } from './room.ts'
import { deliveryLog, hookStore } from './store.ts'
import { createEmitted, type Emit, emit, type Telling, tellAlong } from './telling.ts'
import { testHook } from './test-call.ts'
import {
  createHook,
  deleteHook,
  getHook,
  type HookInput,
  listHooks,
  rotateKey,
  updateHook,
} from './webhooks.ts'

/** Furnishes the room. */
function createRoom(db: Database, keys: Keys, world: World, outside: HooksRoom['outside']): HooksRoom {
  const store = hookStore(db)
  const outbox = createOutbox(db, keys, world, {
    ...outside,
    async targetOf(hookId) {
      const row = await store.byId(hookId)
      return row && toTarget(keys, row)
    },
  })
  return {
    db,
    keys,
    world,
    store,
    deliveries: deliveryLog(db),
    outbox,
    outside,
    mayEmit: createEmitted(world),
  }
}

/** Webhooks in their room: who is told of what, where to, signed with which key. One function a use case. */
export function createHooks(db: Database, keys: Keys, world: World, outside: HooksRoom['outside']) {
  const room = createRoom(db, keys, world, outside)
  const telling: Telling = (event, prepare) => tellAlong(room, event, prepare)
  const emitting: Emit = (event, fields) => emit(room, event, fields)
  return {
    telling,
    emit: emitting,
    deliverDue: room.outbox.deliverDue,
    waiting: room.outbox.waiting,
    start: room.outbox.start,
    stop: room.outbox.stop,
    list: (statistics?: boolean) => listHooks(room, statistics),
    get: (id: string, statistics?: boolean) => getHook(room, id, statistics),
    create: (input: HookInput & { config: HookConfigInput }) => createHook(room, input),
    update: (id: string, input: HookInput) => updateHook(room, id, input),
    rotateKey: (id: string) => rotateKey(room, id),
    delete: (id: string) => deleteHook(room, id),
    test: (id: string, events: HookEvent[], config: HookConfigInput) => testHook(room, id, events, config),
    log: (id: string, query: LogQuery, page: Page) => readLog(room, id, query, page),
    logEntry: (logId: string) => readEntry(room, logId),
    redeliver: (id: string, logId: string) => redeliver(room, id, logId),
    purge: () => purgeLog(room),
  }
}

export type Hooks = ReturnType<typeof createHooks>
