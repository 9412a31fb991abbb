import { expect, onTestFinished, test } from 'vitest'
import { newUser, ready, signIn } from '../account/testing.ts'
import type { Browser } from '../testing/browser.ts'
import { callConsole, signInOperator } from '../testing/operator.ts'
import { go, noticeOf, PASSWORD } from '../testing/visitor.ts'
import { AT_ONCE, inTurn, MOST_WAITING } from './turns.ts'

const CODE = 'request.too_many_password_checks'

/** Others have their passwords checked, and more of them wait than may; until they are sent away. */
function crowd(): () => Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const checks = [
    inTurn(() => promise, AT_ONCE),
    // On a slow machine they are turned away themselves, and whoever comes then waits in their place.
    ...Array.from({ length: MOST_WAITING }, () => inTurn(async () => undefined).catch(() => undefined)),
  ]
  const disperse = async () => {
    resolve()
    await Promise.all(checks)
  }
  onTestFinished(disperse)
  return disperse
}

const begun = async (visitor: Browser, interactionEvent = 'SignIn') => {
  await visitor.experience('PUT', '', { interactionEvent })
  return visitor
}

const byPassword = (visitor: Browser, value: string, password = PASSWORD) =>
  visitor.experience('POST', '/verification/password', { identifier: { type: 'username', value }, password })

test('in a crowd every door to a password check answers 429 with Retry-After, and nobody is locked out for it', async () => {
  const server = await ready(undefined, { sentinelPolicy: { maxAttempts: 2 } })
  const userId = await newUser(server)
  const user = await signIn(server)
  await signInOperator(server.app)
  const console = callConsole(server.app)
  const visitor = await begun(await server.visit())
  const registering = await begun(await server.visit(), 'Register')
  const disperse = crowd()

  const seen: unknown[] = []
  const told = ({ headers, status }: { headers: Headers; status: number }, body: { code?: string }) =>
    seen.push([status, body.code, headers.get('retry-after')])
  for (const value of ['ada', 'nobody', 'ada', 'ada']) {
    const { status, json } = await byPassword(visitor, value)
    expect([status, json.code]).toEqual([429, CODE])
  }
  const identity = { identifier: { type: 'username', value: 'grace' }, password: PASSWORD }
  const prepared = await registering.experience('POST', '/verification/new-password-identity', identity)
  expect([prepared.status, prepared.json.code]).toEqual([429, CODE])
  const proven = await user.call('POST', '/api/verifications/password', { password: PASSWORD })
  told(proven, proven.body)
  for (const [path, body] of [
    [`/api/users/${userId}/password/verify`, { password: PASSWORD }],
    ['/api/users', { username: 'grace', password: PASSWORD }],
  ] as const) {
    const answer = await server.manage('POST', path, body)
    told(answer, (await answer.json()) as object)
  }
  const operator = await console('POST', '/api/console/session', { name: 'Ada', password: PASSWORD })
  told(operator, (await operator.json()) as object)
  expect(seen).toEqual(Array(4).fill([429, CODE, '2']))

  await disperse()
  expect((await byPassword(visitor, 'ada')).status).toBe(200)
}, 90_000)

test('in a crowd the page says so and takes the same password afterwards', async () => {
  const server = await ready()
  await newUser(server)
  const visitor = await server.visit()
  const asked = await visitor.submit(await go(visitor, '/sign-in?with=username'), {
    kind: 'username',
    value: 'ada',
  })
  const disperse = crowd()
  const told = await visitor.submit(asked, { password: PASSWORD })
  expect([told.status, noticeOf(told)]).toEqual([
    200,
    'Too many passwords are being checked right now. Try again in 2 seconds.',
  ])
  await disperse()
  await visitor.submit(told, { password: PASSWORD })
  expect(visitor.leftTo?.searchParams.get('code')).toEqual(expect.any(String))
})
