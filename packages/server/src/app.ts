import type { IncomingMessage, ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { Config } from './config.ts'
import { duringRequest, patiently } from './db/patience.ts'
import { createAdmission } from './http/admission.ts'
import { describeError } from './http/errors.ts'
import { nodeCallerOf } from './http/request.ts'
import { admit } from './http/turning-away.ts'
import { watchAddresses } from './http/unknown-addresses.ts'
import { consoleListener, publicListener } from './listeners.ts'
import { standingOf, watchedHandler, watchedWorld } from './metering.ts'
import { isForProvider } from './oidc/oidc.ts'
import { type AppExtras, createRooms, type Rooms } from './rooms.ts'
import { startWarnings } from './start-warnings.ts'
import { bringToOneForm } from './users/one-form.ts'
import type { World } from './world.ts'

type NodeHandler = (request: IncomingMessage, response: ServerResponse) => void

/** How often what has expired is to be forgotten, in milliseconds. */
export const PURGE_EVERY = 60_000

/** The rooms that forget what has expired. */
const FORGETTING = [
  'codes',
  'health',
  'limits',
  'interactions',
  'operators',
  'ledger',
  'costs',
  'fraud',
  'budgets',
  'hooks',
  'oidc',
  'audit',
  'activity',
  'proofs',
] as const satisfies readonly (keyof Rooms)[]

const purge = (rooms: Pick<Rooms, (typeof FORGETTING)[number] | 'world'>): Promise<void> =>
  patiently(async () => {
    for (const name of FORGETTING)
      try {
        await rooms[name].purge()
      } catch (error) {
        rooms.world.log('error', 'expired rows not deleted', { error: describeError(error) })
      }
  })

/** The server without its listening: two node handlers and the rooms behind them. */
export type App = Awaited<ReturnType<typeof createApp>>

/** Joins rooms and listeners, and does what is to be done before the first request. */
export async function createApp(config: Config, outside: World, extras: AppExtras = {}) {
  const { metrics, tracing } = extras
  const world = watchedWorld(outside, extras)
  const rooms = await createRooms(config, world, extras)
  const { db, applications, connections, experience, hooks, operators, users, codes, oidc, delivery, audit } =
    rooms
  const { ledger, receipts, feedback, fraud, moves, limits, later } = rooms

  const pages = publicListener(rooms)
  const console = consoleListener(rooms)
  const answerPublic = getRequestListener(pages.fetch)
  // In the development world visitors are this machine's own.
  const watch = config.clouds === 'real' ? watchAddresses(config.trustProxy, world.log) : () => {}
  const letIn = admit(createAdmission(config.maxRequests), {
    trustProxy: config.trustProxy,
    log: world.log,
    isUnderway: oidc.isUnderway,
  })
  const handlePublic: NodeHandler = letIn((request, response) =>
    duringRequest(() => {
      watch(request)
      if (isForProvider(request.url ?? ''))
        audit.during(nodeCallerOf(request, config.trustProxy), () => oidc.handle(request, response))
      else void answerPublic(request, response)
    }),
  )
  const answerConsole = getRequestListener(console.fetch)
  const handleConsole: NodeHandler = (request, response) =>
    duringRequest(() => void answerConsole(request, response))
  metrics?.watch(standingOf(rooms))

  await bringToOneForm(db, world.now(), world.log)
  if (config.bootstrap) await applications.bootstrap(config.bootstrap.id, config.bootstrap.secret)
  await ledger.recover()
  const { active } = await rooms.testIdentities.summary()
  if (active > 0) world.log('warn', `whoever knows their code signs in: ${active} active test identities`)

  async function settled(): Promise<void> {
    await later.settled()
    await delivery.settled()
    await oidc.settled()
    await ledger.settled()
    await receipts.settled()
    await audit.settled()
    await tracing?.flush()
  }

  return {
    publicHandler: watchedHandler(handlePublic, 'public', { config, world, ...extras }),
    consoleHandler: watchedHandler(handleConsole, 'console', { config, world, ...extras }),
    /** What the two ports answer, without a server, for tests through `request()`. */
    pages,
    console,
    applications,
    connections,
    experience,
    hooks,
    limits,
    operators,
    users,
    codes,
    oidc,
    delivery,
    ledger,
    receipts,
    feedback,
    fraud,
    moves,
    /** What will hurt of this installation, each with its remedy. */
    warnings: () => startWarnings(config, db, world.now),
    /** From now on whoever asks is told that other nodes should serve. */
    drain: () => rooms.readiness.drain(),
    /** Forgets what has expired; to be called now and then. What cannot be forgotten now is the next time. */
    async purge(): Promise<void> {
      await purge(rooms)
      await patiently(async () => tracing?.purge())
    },
    /** When what goes on after answers is done. */
    settled,
    async close(): Promise<void> {
      await oidc.stop()
      await settled()
      await hooks.stop()
      await moves.stop()
      await fraud.stop()
      await receipts.stop()
      await feedback.stop()
      await ledger.stop()
      await audit.close()
      await tracing?.stop()
      await db.destroy()
    },
  }
}
