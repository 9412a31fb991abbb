import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { Browser } from '../packages/cli/src/browser.ts'
import { createManagement } from '../packages/cli/src/management.ts'
import {
  newInstallation,
  type Product,
  removeInstallation,
  startProduct,
} from '../packages/cli/src/product.ts'
import { createVisitor, type Visitor } from '../packages/cli/src/visitor.ts'
import { openDatabase } from '../packages/server/src/db/database.ts'
import { THREADS } from '../packages/server/src/threads.ts'
import { AT_ONCE } from '../packages/server/src/users/turns.ts'
import { newDatabase } from './postgres.ts'
import { discard, firstOperator, type Ready, startReady } from './ready.ts'

const PHONE = { type: 'phone', value: '8613800138220' } as const

describe('a server that was killed and started again', () => {
  let ready: Ready
  let again: Product
  let operator: Browser
  let visitor: Visitor
  let halfway: Visitor
  let sub: unknown
  /** A code that was sent before the crash. */
  let pending: { verificationId: unknown; code: string | undefined }

  async function askForCode(who: Visitor, interactionEvent: string) {
    await who.open()
    await who.experience('PUT', '', { interactionEvent })
    const { body } = await who.experience('POST', '/verification/verification-code', {
      identifier: PHONE,
      interactionEvent,
    })
    const { code } = await ready.inbox.next(PHONE.value)
    return { verificationId: body.verificationId, code }
  }

  async function enter(who: Visitor, proof: { verificationId: unknown; code: string | undefined }) {
    await who.experience('POST', '/verification/verification-code/verify', { identifier: PHONE, ...proof })
    await who.experience('POST', '/identification', { verificationId: proof.verificationId })
    const { status, body } = await who.experience('POST', '/submit')
    expect([status, body]).toEqual([200, { redirectTo: expect.any(String) }])
    return who.finish(String(body.redirectTo))
  }

  const consoleState = async (address: string) =>
    (await operator.request(`${address}/api/console/state`)).json() as Promise<Record<string, unknown>>

  beforeAll(async () => {
    ready = await startReady()
    const { product, application } = ready
    operator = await firstOperator([product])
    expect(await consoleState(product.consoleUrl)).toMatchObject({ operator: { name: 'Wen' } })

    visitor = await createVisitor(product.endpoint, application)
    const { claims } = await enter(visitor, await askForCode(visitor, 'Register'))
    sub = claims.sub
    halfway = await createVisitor(product.endpoint, application)
    pending = await askForCode(halfway, 'SignIn')

    await product.kill()
    again = await startProduct(product.installation)
  })

  afterAll(() => discard(again ?? ready?.product))

  it('keeps its operator signed in and prints no second first link', async () => {
    expect(again.firstLink).toBeUndefined()
    expect(await consoleState(again.consoleUrl)).toMatchObject({
      needsFirstOperator: false,
      operator: { name: 'Wen' },
    })
    const catalog = await operator.request(`${again.consoleUrl}/api/console/catalog`)
    expect(catalog.status).toBe(200)
  })

  it('keeps users, connections and the sign-in experience', async () => {
    const management = await createManagement(again)
    const users = await management<{ id: string; primaryPhone: string }[]>('GET', '/api/users')
    expect(users.body).toMatchObject([{ id: sub, primaryPhone: PHONE.value }])
    const connectors = await management<{ config: unknown }[]>('GET', '/api/connectors')
    expect(connectors.body.map(({ config }) => config)).toMatchObject([
      { accessKeySecret: 'simulated-secret-ok' },
      { accessKeySecret: 'simulated-secret-ok' },
    ])
    const { body } = await management('GET', '/api/sign-in-exp')
    expect(body.signUp).toMatchObject({ identifiers: ['phone', 'email'] })
  })

  it('takes management tokens that were given before', async () => {
    expect((await ready.management('GET', '/api/users')).status).toBe(200)
  })

  it('knows the end user by the session, without a question', async () => {
    const { redirectUri } = ready.application
    const address = await visitor.open()
    expect(address.startsWith(redirectUri), address).toBe(true)
    expect((await visitor.finish(address)).claims.sub).toBe(sub)
  })

  it('takes a code that was sent before', async () => {
    expect((await enter(halfway, pending)).claims.sub).toBe(sub)
  })
})

describe('sends that a crash leaves behind', () => {
  const server = process.env.TEST_DATABASE_URL

  /** Kills a server while the cloud keeps it waiting; gives the states of its tries, again and again. */
  async function killWhileSending(ready: Ready) {
    const { product, management } = ready
    const { settings, dataDir } = product.installation
    const db = await openDatabase(settings.DATABASE_URL ?? '', dataDir)
    onTestFinished(() => db.destroy())
    const states = async () => {
      const rows = await db
        .selectFrom('attempts')
        .innerJoin('messages', 'messages.id', 'attempts.message_id')
        .select(['attempts.state', 'messages.state as whole'])
        .execute()
      return rows.map(({ state, whole }) => (state === whole ? state : `${state} of ${whole}`)).join()
    }
    await fetch(new URL('/control/fault', product.inboxUrl), {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ kind: 'hang' }),
    })
    for (const phone of [PHONE.value, '8613800138221'])
      void management('POST', '/api/verification-codes', { phone }).catch(() => undefined)
    await expect.poll(states).toBe('sending,sending')
    await product.kill()
    return states
  }

  it('are settled by the server that is started again at once', async () => {
    const ready = await startReady({ SEND_TIMEOUT: '1000' })
    const states = await killWhileSending(ready)
    const again = await startProduct(ready.product.installation)
    onTestFinished(() => discard(again))
    await expect.poll(states, { timeout: 20_000 }).toBe('unconfirmed,unconfirmed')
  })

  it.skipIf(!server)('are settled by another node, which nobody started again', async () => {
    const database = await newDatabase(server!)
    onTestFinished(() => database.drop())
    const settings = { SEND_TIMEOUT: '1000', DATABASE_URL: database.url, SECRET_KEY: '11'.repeat(32) }
    const ready = await startReady(settings)
    const other = await startProduct(await newInstallation(settings))
    onTestFinished(() => discard(other))
    const states = await killWhileSending(ready)
    await expect.poll(states, { timeout: 20_000 }).toBe('unconfirmed,unconfirmed')
    await removeInstallation(ready.product.installation)
  })
})

describe('two servers on one machine', () => {
  let products: Product[] = []

  beforeAll(async () => {
    const installations = [await newInstallation(), await newInstallation()]
    products = await Promise.all(installations.map(installation => startProduct(installation)))
  })

  afterAll(() => Promise.all(products.map(discard)))

  it('run side by side and know nothing of each other', async () => {
    const [one, other] = await Promise.all(products.map(createManagement))
    const made = await one!('POST', '/api/users', { primaryPhone: '8613800138230' })
    expect(made.status).toBe(200)
    expect((await one!('GET', '/api/users')).body).toHaveLength(1)
    expect((await other!('GET', '/api/users')).body).toEqual([])
    expect(products[0]!.firstLink).not.toBe(products[1]!.firstLink)
  })

  it('stop by themselves when they are asked to, also while somebody has the inbox open', async () => {
    const [one, other] = products as [Product, Product]
    const { body } = await fetch(new URL('/inbox/events', one.inboxUrl))
    await Promise.all([one.stop(), other.stop()])
    expect([one.exitCode(), other.exitCode()]).toEqual([0, 0])
    await body?.cancel().catch(() => undefined)
  })
})

describe.skipIf(process.platform !== 'linux')('a server', () => {
  const entry = (path: string) => fileURLToPath(new URL(path, import.meta.url))

  it.each(['../packages/server/src/main.ts', '../scripts/start.ts'])(
    'has more threads than password hashes can take, also when %s starts it',
    async path => {
      const product = await startProduct(await newInstallation(), entry(path))
      onTestFinished(() => discard(product))
      const management = await createManagement(product)
      // The first thing that needs a thread makes all of them.
      await management('POST', '/api/users', { username: 'ada', password: 'a good passphrase' })
      const tasks = `/proc/${product.pid}/task`
      const names = readdirSync(tasks).map(task => readFileSync(`${tasks}/${task}/comm`, 'utf8').trim())
      expect(names.filter(name => name === 'libuv-worker')).toHaveLength(Number(THREADS))
      expect(Number(THREADS)).toBeGreaterThan(2 * AT_ONCE)
    },
  )
})

it('answers what is under way when the keyboard stops it and npm hands the same signal on', async () => {
  const { product, management } = await startReady({ SEND_TIMEOUT: '1000' })
  onTestFinished(async () => {
    // The cloud that hangs would be waited for.
    await product.kill()
    await removeInstallation(product.installation)
  })
  await fetch(new URL('/control/fault', product.inboxUrl), {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ kind: 'hang' }),
  })
  const db = await openDatabase('', product.installation.dataDir)
  const answer = management('POST', '/api/verification-codes', { phone: PHONE.value })
  await expect.poll(() => db.selectFrom('attempts').select('state').execute()).toHaveLength(1)
  await db.destroy()
  process.kill(product.pid!, 'SIGINT')
  await new Promise(resolve => setTimeout(resolve, 50))
  process.kill(product.pid!, 'SIGINT')
  expect((await answer).status).toBe(204)
})
