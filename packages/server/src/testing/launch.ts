import type { AddressInfo } from 'node:net'
import { type Clouds, createClouds, isAllowListed, sampleSettings } from '@countersign/simulators'
import { onTestFinished } from 'vitest'
import { type App, createApp } from '../app.ts'
import { readConfig } from '../config.ts'
import { usualDatabase } from '../db/testing.ts'
import { createListener } from '../http/listening.ts'
import { simulatedFetch } from '../outside.ts'
import type { AppExtras } from '../rooms.ts'
import { jsonLog, type World } from '../world.ts'
import { Browser } from './browser.ts'

export const ADMIN = { id: 'bootstrap-client', secret: 'Zq81vXoP3nTkR7cWm5LdYb2H' }

/** A server of its own for one test: real database, real HTTP, simulated clouds, a clock that the test moves. */
export interface Launched {
  app: App
  clouds: Clouds
  endpoint: string
  /** Every line of the log so far. */
  log: string[]
  /** Moves the clock on, in milliseconds. */
  wait(milliseconds: number): void
  /** Calls the Management API with an access token. */
  manage(method: string, path: string, body?: unknown): Promise<Response>
  /** Saves a connection with the values that the simulator accepts, some of them changed. */
  connect(connector: keyof typeof sampleSettings, change?: object): Promise<void>
  /** Registers an application and begins to sign in with it. */
  visit(extra?: Record<string, string>): Promise<Browser>
  /** The newest code that the simulated clouds delivered to a recipient. */
  codeFor(recipient: string): string
}

const FACTORIES = {
  'aliyun-sms': 'aliyun-short-message-service',
  'aliyun-pnvs': 'aliyun-short-message-auth-service',
  'aliyun-dm': 'aliyun-direct-mail',
  'tencent-sms': 'tencent-short-message-service',
} as const

/**
 * Starts a server for the running test; it stops when the test is over. Two with one `DATABASE_URL` are two nodes.
 */
export async function launch(env: Record<string, string> = {}, extras: AppExtras = {}): Promise<Launched> {
  let offset = 0
  const now = () => Date.now() + offset
  const clouds = createClouds({ now })
  const log: string[] = []
  const { randomBytes } = await import('node:crypto')
  const world: World = {
    fetch: simulatedFetch(clouds),
    now,
    random: randomBytes,
    log: jsonLog(line => void log.push(line), now),
  }
  let handle: App['publicHandler'] | undefined
  // Connections outlive the test, so that none ends while its next request is on the way.
  const server = createListener((request, response) => handle?.(request, response), {
    keepAlive: 600_000,
    log: world.log,
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const endpoint = `http://localhost:${(server.address() as AddressInfo).port}`
  const config = {
    ...readConfig({
      ENDPOINT: endpoint,
      SECRET_KEY: '11'.repeat(32),
      BOOTSTRAP_CLIENT_ID: ADMIN.id,
      BOOTSTRAP_CLIENT_SECRET: ADMIN.secret,
      SEND_TIMEOUT: '1000',
      ...env,
    }),
    databaseUrl: env.DATABASE_URL ?? (env.DATA_DIR ? '' : await usualDatabase(onTestFinished)),
  }
  const app = await createApp(config, world, { isExempt: isAllowListed, ...extras })
  handle = app.publicHandler
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
    await app.close()
  })

  let token: string | undefined
  async function manage(method: string, path: string, body?: unknown): Promise<Response> {
    token ??= await managementToken(endpoint)
    return fetch(`${endpoint}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  }
  return {
    app,
    clouds,
    endpoint,
    log,
    manage,
    wait: milliseconds => {
      offset += milliseconds
    },
    async connect(connector, change = {}) {
      const answer = await manage('POST', '/api/connectors', {
        connectorId: FACTORIES[connector],
        config: { ...sampleSettings[connector], ...change },
      })
      if (answer.status !== 200) throw new Error(`${connector}: ${await answer.text()}`)
    },
    async visit(extra = {}) {
      const callback = 'https://app.example.com/callback'
      const created = await manage('POST', '/api/applications', {
        name: 'Test application',
        type: 'SPA',
        oidcClientMetadata: { redirectUris: [callback], postLogoutRedirectUris: [] },
      })
      const { id } = (await created.json()) as { id: string }
      const browser = new Browser(endpoint)
      await browser.authorize(id, callback, extra)
      return browser
    },
    codeFor(recipient) {
      const message = clouds.inbox.messages().find(each => each.to === recipient)
      if (!message?.code) throw new Error(`No code for ${recipient} in the inbox`)
      return message.code
    },
  }
}

/** A token of the program that may manage everything. */
export async function managementToken(endpoint: string): Promise<string> {
  const answer = await fetch(`${endpoint}/oidc/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: ADMIN.id,
      client_secret: ADMIN.secret,
      resource: 'https://default.logto.app/api',
      scope: 'all',
    }),
  })
  const body = (await answer.json()) as { access_token?: string }
  if (!body.access_token) throw new Error(`No access token: ${JSON.stringify(body)}`)
  return body.access_token
}
