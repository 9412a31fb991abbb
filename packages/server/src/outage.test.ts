import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { openDatabase } from './db/database.ts'
import { eachServerDatabase } from './db/testing.ts'
import { receiver } from './hooks/testing.ts'
import { openPassage } from './testing/frozen.ts'
import { ADMIN, type Launched, launch } from './testing/launch.ts'
import { signInOperator } from './testing/operator.ts'

/** A server whose database a test takes away and gives back. */
interface Breakable extends Launched {
  takeAway(): void
  giveBack(): void
}

async function breakable(settings: Record<string, string>): Promise<Breakable> {
  if (settings.DATABASE_URL) {
    const passage = await openPassage(settings.DATABASE_URL)
    const server = await launch({ ...settings, DATABASE_URL: passage.url })
    return { ...server, takeAway: passage.freeze, giveBack: passage.thaw }
  }
  const server = await launch(settings)
  const other = new DatabaseSync(join(settings.DATA_DIR!, 'countersign.db'))
  onTestFinished(() => other.close())
  return {
    ...server,
    takeAway: () => other.exec('begin immediate'),
    giveBack: () => other.exec('rollback'),
  }
}

const html = { accept: 'text/html', 'accept-language': 'en' }

eachServerDatabase('while the database does nothing for us', fresh => {
  test('every door says when to come again, each in its form, and afterwards all go on', async () => {
    const settings = await fresh()
    const server = await breakable(settings)
    const { endpoint, app, manage } = server
    await server.connect('aliyun-sms')
    const languageInfo = { autoDetect: false, fallbackLanguage: 'zh-CN' }
    const look = { customCss: 'h1 { color: green }', supportEmail: 'help@example.com' }
    expect((await manage('PATCH', '/api/sign-in-exp', { languageInfo, ...look })).status).toBe(200)
    const operator = await signInOperator(app)
    const browser = await server.visit({ ui_locales: 'zh-CN' })
    expect((await manage('GET', '/api/applications')).status).toBe(200)
    const begin = () =>
      fetch(`${endpoint}/api/experience`, {
        method: 'PUT',
        headers: {
          'content-type': 'application/json',
          cookie: [...browser.cookies.values()].map(({ name, value }) => `${name}=${value}`).join('; '),
        },
        body: JSON.stringify({ interactionEvent: 'SignIn' }),
      })
    const token = () =>
      fetch(`${endpoint}/oidc/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: 'bootstrap-client',
          client_secret: ADMIN.secret,
          resource: 'https://default.logto.app/api',
        }),
      })
    const authorize = (accept: Record<string, string>) =>
      fetch(
        `${endpoint}/oidc/auth?${new URLSearchParams({
          client_id: browser.applicationId,
          redirect_uri: 'https://app.example.com/callback',
          response_type: 'code',
          scope: 'openid',
          prompt: 'login',
          code_challenge: 'Dnlg0lIM9kvc1y-FRqNIka8znqXeMCSKSgGQDP7XxfU',
          code_challenge_method: 'S256',
        })}`,
        { headers: accept, redirect: 'manual' },
      )
    const change = () => manage('POST', '/api/users', { primaryEmail: 'ada@example.com' })
    const phone = { ...html, 'content-type': 'application/x-www-form-urlencoded' }
    const form = (csrf: string) =>
      fetch(`${endpoint}/sign-in`, {
        method: 'POST',
        headers: {
          ...phone,
          cookie: [...browser.cookies.values()].map(({ name, value }) => `${name}=${value}`).join('; '),
        },
        body: new URLSearchParams({ csrf, kind: 'phone', country: 'CN', value: '13800138000' }),
        redirect: 'manual',
      })
    const page = await browser.open('/sign-in')
    const csrf = /name="csrf" value="([^"]+)"/.exec(page.text)![1]!

    server.takeAway()
    const [pages, others] = await Promise.all([
      Promise.all([authorize(html), form(csrf)]),
      Promise.all([
        begin(),
        // A back end's token is written nowhere, and the lock of a file keeps nobody from reading.
        ...(settings.DATABASE_URL ? [token()] : []),
        authorize({ accept: 'application/json' }),
        change(),
        operator('POST', '/api/applications', { name: 'Shop', type: 'SPA' }),
      ]),
    ])
    for (const answer of [...pages, ...others]) {
      expect([answer.url, answer.status]).toEqual([answer.url, 503])
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    }
    // In the language that the settings said when there still was a database.
    for (const answer of pages) {
      expect(answer.headers.get('content-type')).toMatch(/^text\/html/)
      const text = await answer.text()
      expect(text).toContain('服务出现问题')
      expect(text).toContain('mailto:help@example.com')
      // Browsers would wait for a stylesheet that nobody can read.
      expect(text).not.toContain('/assets/custom/')
    }
    for (const answer of others) expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
    const told = server.log.filter(line => line.includes('"status":503'))
    expect(told.length).toBeGreaterThanOrEqual(5)
    for (const line of told) expect(JSON.parse(line).error).toMatch(/database|SQLite/)

    server.giveBack()
    await expect.poll(async () => (await fetch(`${endpoint}/api/health/ready`)).status).toBe(200)
    expect((await begin()).status).toBe(204)
    expect((await token()).status).toBe(200)
    expect((await authorize(html)).status).toBe(303)
    expect((await change()).status).toBe(200)
    expect((await form(csrf)).status).toBe(303)
    expect((await operator('POST', '/api/applications', { name: 'Shop', type: 'SPA' })).status).toBe(200)
  })

  test('the server says that it lives, and that it is not ready and why', async () => {
    const server = await breakable(await fresh())
    const ask = async (path: string) => {
      const answer = await fetch(`${server.endpoint}/api/health/${path}`)
      return [answer.status, await answer.json()]
    }
    expect(await ask('ready')).toEqual([200, { status: 'ready' }])
    server.takeAway()
    await expect.poll(async () => (await ask('ready'))[0], { timeout: 10_000 }).toBe(503)
    expect(await ask('ready')).toEqual([
      503,
      { status: 'not_ready', failing: [expect.objectContaining({ name: 'database' })] },
    ])
    expect(await ask('live')).toEqual([200, { status: 'live' }])
    expect((await fetch(`${server.endpoint}/api/status`)).status).toBe(204)
    server.giveBack()
    await expect.poll(async () => (await ask('ready'))[0], { timeout: 10_000 }).toBe(200)
    server.app.drain()
    expect(await ask('ready')).toEqual([
      503,
      { status: 'not_ready', failing: [expect.objectContaining({ name: 'draining' })] },
    ])
  })

  test('work that nobody waits for goes on afterwards, and the log says why it could not', async () => {
    const server = await breakable(await fresh())
    const listener = await receiver()
    const logged = (event: string) =>
      server.log.map(line => JSON.parse(line)).filter(line => line.event === event)
    const hook = { events: ['User.Created'], config: { url: listener.url } }
    expect((await server.manage('POST', '/api/hooks', hook)).status).toBe(201)
    expect((await server.manage('POST', '/api/users', { username: 'ada' })).status).toBe(200)
    server.takeAway()
    await server.app.settled()
    server.app.hooks.start()
    await expect.poll(() => logged('webhook fault'), { timeout: 10_000 }).not.toEqual([])
    expect(logged('webhook fault')[0].error).toMatch(/^(?:The database|No connection|Another process)/)
    server.giveBack()
    await expect.poll(() => listener.events(), { timeout: 10_000 }).toEqual(['User.Created'])
    const entries = await (await server.manage('GET', '/api/logs?logKey=Action.CreateUser')).json()
    expect([entries, logged('audit entries lost')]).toEqual([[expect.anything()], []])
  })
})

eachServerDatabase('cleaning up', fresh => {
  test('goes on with the other rooms when one cannot be cleaned, and says so', async () => {
    const settings = await fresh()
    const server = await launch(settings)
    const other = await openDatabase(settings.DATABASE_URL ?? '', settings.DATA_DIR ?? '')
    onTestFinished(() => other.destroy())
    await other.schema.alterTable('codes').renameTo('codes_elsewhere').execute()
    await other
      .insertInto('interactions')
      .values({ uid: 'old', state: '', version: 1, expires_at: 1 })
      .execute()
    await server.app.purge()
    expect(await other.selectFrom('interactions').select('uid').execute()).toEqual([])
    const told = server.log.filter(line => line.includes('expired rows not deleted'))
    expect(told).toHaveLength(1)
    expect(told[0]).toContain('codes')
  })
})
