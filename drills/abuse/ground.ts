import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { CLOUDS, enable } from '../../packages/cli/src/cloud.ts'
import { createManagement, type Management } from '../../packages/cli/src/management.ts'
import { newInstallation, removeInstallation } from '../../packages/cli/src/product.ts'
import { type App, createApp } from '../../packages/server/src/app.ts'
import { readConfig } from '../../packages/server/src/config.ts'
import { createListener } from '../../packages/server/src/http/listening.ts'
import { simulatedFetch } from '../../packages/server/src/outside.ts'
import { jsonLog, type World } from '../../packages/server/src/world.ts'
import { type Clouds, createClouds, sampleSettings } from '../../packages/simulators/src/index.ts'
import { type Clock, createClock } from './clock.ts'
import { type Door, FROM } from './visitor.ts'

/** A server whose time the drill moves, with all that is sent seen. */
export interface Ground extends Door {
  clock: Clock
  manage: Management
  /** The newest code that reached a number, in digits with the country code. */
  codeOf(phone: string): string | undefined
  /** How many messages reached a number. */
  messagesTo(phone: string): number
  /** Has the fraud guard look, as a server does each minute by a clock of its own. */
  lookForFraud(): Promise<void>
  /** When what goes on after answers is done. */
  settled(): Promise<void>
  stop(): Promise<void>
}

/** The first second of a Monday in Beijing. */
const MONDAY = Date.UTC(2027, 0, 3, 16)

const REDIRECT_URI = 'https://app.example.com/callback'

/** The sample templates, and those for numbers abroad. */
const WITH_ABROAD = {
  ...sampleSettings['aliyun-sms'],
  templates: ['Register', 'SignIn', 'ForgotPassword', 'Generic'].map((usageType, n) => ({
    usageType,
    templateCode: { china: `SMS_10000000${n + 1}`, overseas: `SMS_10000002${n + 1}` },
  })),
}

/** Where one server of the drill listens, and what it takes a request's connection for. */
async function openDoor(world: World) {
  const door: { handle?: App['publicHandler'] } = {}
  const server = createListener(
    (request, response) => {
      const from = request.headers[FROM]
      // Calls of the drill's own come from this machine.
      Object.defineProperty(request.socket, 'remoteAddress', {
        value: from ?? '127.0.0.1',
        configurable: true,
      })
      door.handle?.(request, response)
    },
    { keepAlive: 600_000, log: world.log },
  )
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    door,
    endpoint: `http://localhost:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

/** What reached phones: how many messages, and the newest code. */
function watch({ inbox }: Pick<Clouds, 'inbox'>) {
  const received = new Map<string, { code: string | undefined; times: number }>()
  inbox.subscribe(({ to, code }) => received.set(to, { code, times: (received.get(to)?.times ?? 0) + 1 }))
  return {
    codeOf: (phone: string) => received.get(`+${phone}`)?.code,
    messagesTo: (phone: string) => received.get(`+${phone}`)?.times ?? 0,
  }
}

/** Registers the application that people sign in to, over one connection of Aliyun's. */
async function furnish(manage: Management): Promise<string> {
  const { factoryId: connectorId, kind } = CLOUDS.find(({ id }) => id === 'aliyun-sms')!
  const saved = await manage('POST', '/api/connectors', { connectorId, config: WITH_ABROAD })
  if (saved.status !== 200) throw new Error(`The connection is refused: ${JSON.stringify(saved.body)}`)
  await enable(manage, kind)
  const { body, status } = await manage('POST', '/api/applications', {
    name: 'Shop',
    type: 'SPA',
    oidcClientMetadata: { redirectUris: [REDIRECT_URI], postLogoutRedirectUris: [] },
  })
  if (status !== 200) throw new Error(`The application is refused: ${JSON.stringify(body)}`)
  return String(body.id)
}

/**
 * Starts a server in this process, over simulated clouds, in a time of its own. The clouds' own windows are switched
 * off, since they can be raised with the cloud. A request's connection comes from whom its header `x-drill-from` names:
 * so everybody has an address of their own, with a proxy before the server or without one.
 *
 * @param databaseUrl of an empty database, `sqlite::memory:` or PostgreSQL's
 * @param isProxied a proxy stands before it, which it trusts
 */
export async function startGround(databaseUrl: string, isProxied = false): Promise<Ground> {
  const clock = createClock(MONDAY)
  // The library of OpenID Connect asks nobody else for the time.
  const realNow = Date.now
  Date.now = clock.now
  const clouds = createClouds({ now: clock.now, frequencyControl: false })
  const world: World = {
    fetch: simulatedFetch(clouds),
    now: clock.now,
    random: randomBytes,
    log: jsonLog(line => void process.stderr.write(`${line}\n`), clock.now, 'error'),
  }
  const { door, endpoint, close } = await openDoor(world)
  const installation = await newInstallation()
  const { client, dataDir } = installation
  const config = readConfig({
    ENDPOINT: endpoint,
    SECRET_KEY: randomBytes(32).toString('hex'),
    BOOTSTRAP_CLIENT_ID: client.id,
    BOOTSTRAP_CLIENT_SECRET: client.secret,
    DATA_DIR: dataDir,
    ...(isProxied && { TRUST_PROXY: '1' }),
  })
  const app = await createApp({ ...config, databaseUrl }, world)
  door.handle = app.publicHandler
  const login = () => createManagement({ endpoint, installation })
  const manage = await login()
  return {
    endpoint,
    redirectUri: REDIRECT_URI,
    applicationId: await furnish(manage),
    isProxied,
    clock,
    manage,
    ...watch(clouds),
    lookForFraud: () => app.fraud.look(),
    settled: () => app.settled(),
    async stop() {
      await close()
      await app.close()
      await removeInstallation(installation)
      Date.now = realNow
    },
  }
}
