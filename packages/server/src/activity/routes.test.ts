import { expect, test } from 'vitest'
import { launch } from '../testing/launch.ts'

test('the dashboard counts users', async () => {
  const server = await launch()
  const get = async (path: string) => {
    const answer = await server.manage('GET', `/api/dashboard/users/${path}`)
    return { status: answer.status, body: await answer.json() }
  }
  await server.manage('POST', '/api/users', {})
  expect(await get('total')).toEqual({ status: 200, body: { totalUserCount: 1 } })
  expect(await get('new')).toEqual({
    status: 200,
    body: { today: { count: 1, delta: 1 }, last7Days: { count: 1, delta: 1 } },
  })
  const { body } = await get('active?date=2026-02-28')
  expect(body).toMatchObject({ dau: { count: 0, delta: 0 }, wau: { count: 0 }, mau: { count: 0 } })
  expect((body as { dauCurve: unknown[] }).dauCurve.at(-1)).toEqual({ date: '2026-02-28', count: 0 })
  for (const date of ['today', '2026-13-01', '2026-1-1'])
    expect(await get(`active?date=${date}`)).toMatchObject({
      status: 400,
      body: { code: 'guard.invalid_input' },
    })
})

test('a lock-out is lifted', async () => {
  const server = await launch()
  await server.manage('PATCH', '/api/sign-in-exp', { sentinelPolicy: { maxAttempts: 2 } })
  await server.manage('POST', '/api/users', { username: 'ada', password: 'right' })
  const browser = await server.visit()
  await browser.experience('PUT', '', { interactionEvent: 'SignIn' })
  const tryWith = async (password: string) =>
    (
      await browser.experience('POST', '/verification/password', {
        identifier: { type: 'username', value: 'ada' },
        password,
      })
    ).status
  expect([await tryWith('wrong'), await tryWith('wrong'), await tryWith('right')]).toEqual([422, 400, 400])
  const unlock = (body: object) => server.manage('POST', '/api/sentinel-activities/delete', body)
  expect((await unlock({ targetType: 'App', targets: ['ada'] })).status).toBe(204)
  expect(await tryWith('right')).toBe(400)
  expect((await unlock({ targetType: 'User', targets: ['ada'] })).status).toBe(204)
  expect(await tryWith('right')).toBe(200)
  expect((await unlock({ targetType: 'User' })).status).toBe(400)
})
