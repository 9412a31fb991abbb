import { createServer } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { type Launched, launch } from '../testing/launch.ts'
import { dataOf, first, logtoClient, neverDone } from '../testing/logto.ts'

// Logto's own client drives what tells of events: webhooks, logs, figures, and what is counted against identifiers.

const done = new Set<string>()
const client = (server: Launched) => logtoClient(server, done)

/** An address that takes every webhook, until the test is over. */
async function receiver(): Promise<string> {
  const server = createServer((_, response) => response.end('{"ok":true}'))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The receiver has no port')
  return `http://127.0.0.1:${address.port}`
}

test('webhooks are made, listed, read, changed, tried, told of events, and deleted', async () => {
  const server = await launch({ WEBHOOK_ALLOW_PRIVATE: 'true' })
  const logto = client(server)
  const config = { url: await receiver(), headers: { 'x-shop': 'books' }, retries: 0 }
  const created = await logto.POST('/api/hooks', {
    body: {
      name: 'Shop',
      events: ['User.Created', 'PostSignIn', 'Organization.Created'],
      config,
      enabled: true,
    },
  })
  expect(created.response.status).toBe(201)
  const hook = dataOf(created)
  expect(hook).toMatchObject({ name: 'Shop', event: null, config, enabled: true })
  expect(hook.signingKey).toMatch(/^\w{32}$/)
  const params = { path: { id: hook.id } }

  server.app.hooks.start()
  dataOf(await logto.POST('/api/users', { body: { username: 'ada' } }))
  const logs = async () =>
    dataOf(
      await logto.GET('/api/hooks/{id}/recent-logs', {
        params: { ...params, query: { logKey: 'TriggerHook.User.Created', enableCap: 'true', page: 1 } },
      }),
    )
  await expect.poll(logs, { timeout: 10_000 }).toHaveLength(1)
  const entry = first(await logs())
  expect(entry.payload).toMatchObject({ result: 'Success', hookId: hook.id })
  const listed = await logto.GET('/api/hooks', { params: { query: { includeExecutionStats: 'true' } } })
  expect(first(dataOf(listed)).executionStats).toEqual({ successCount: 1, requestCount: 1 })
  const read = await logto.GET('/api/hooks/{id}', {
    params: { ...params, query: { includeExecutionStats: '1' } },
  })
  expect(dataOf(read).executionStats?.requestCount).toBe(1)

  const changed = await logto.PATCH('/api/hooks/{id}', { params, body: { name: 'Store', enabled: false } })
  expect(dataOf(changed)).toMatchObject({ name: 'Store', enabled: false })
  const rotated = await logto.PATCH('/api/hooks/{id}/signing-key', { params })
  expect(dataOf(rotated).signingKey).not.toBe(hook.signingKey)
  const tried = await logto.POST('/api/hooks/{id}/test', { params, body: { events: ['PostSignIn'], config } })
  expect(tried.response.status).toBe(204)
  expect((await logto.DELETE('/api/hooks/{id}', { params })).response.status).toBe(204)
})

test('the audit log is listed and read', async () => {
  const logto = client(await launch())
  dataOf(await logto.POST('/api/users', { body: { username: 'ada' } }))
  const listed = await logto.GET('/api/logs', {
    params: {
      query: { logKey: 'Action.CreateUser', start_time: '1', enableCap: 'yes', page: 1, page_size: 5 },
    },
  })
  const entry = first(dataOf(listed))
  expect(listed.response.headers.get('total-number')).toBe('1')
  expect(entry.payload.result).toBe('Success')
  expect(entry.payload.userAgentParsed?.ua).toBe(entry.payload.userAgent)
  const read = await logto.GET('/api/logs/{id}', { params: { path: { id: entry.id } } })
  expect(dataOf(read)).toEqual(entry)
})

test('users are counted, and lock-outs lifted', async () => {
  const logto = client(await launch())
  dataOf(await logto.POST('/api/users', { body: { username: 'ada' } }))
  expect(dataOf(await logto.GET('/api/dashboard/users/total')).totalUserCount).toBe(1)
  expect(dataOf(await logto.GET('/api/dashboard/users/new')).today).toEqual({ count: 1, delta: 1 })
  const active = dataOf(
    await logto.GET('/api/dashboard/users/active', { params: { query: { date: '2026-01-31' } } }),
  )
  expect(active.dauCurve).toHaveLength(30)
  expect(active.mau).toEqual({ count: 0, delta: 0 })
  const lifted = await logto.POST('/api/sentinel-activities/delete', {
    body: { targetType: 'User', targets: ['ada'] },
  })
  expect(lifted.response.status).toBe(204)
})

test('no route about events was left out', () => {
  expect(neverDone('events', done)).toEqual([])
})
