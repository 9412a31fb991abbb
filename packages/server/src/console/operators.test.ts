import type { AuditLog, ListedOperator, OperatorLink } from '@countersign/api'
import { expect, test } from 'vitest'
import { type Launched, launch } from '../testing/launch.ts'
import { type ConsoleCall, callConsole, signInOperator } from '../testing/operator.ts'

const json = async <T>(answer: Promise<Response>) => (await (await answer).json()) as T

/** The cookies that an answer sets, as a browser sends them back. */
const cookiesOf = (answer: Response) =>
  answer.headers
    .getSetCookie()
    .map(each => each.split(';')[0]!)
    .join('; ')

const tokenOf = ({ link }: OperatorLink) => new URLSearchParams(new URL(link).hash.slice(1)).get('token')!

/** Adds an operator and signs in as that one. */
async function join({ app }: Launched, call: ConsoleCall, name: string, password = 'anemone-quartz') {
  const made = await json<OperatorLink>(call('POST', '/api/console/operators', { name }))
  const answer = await callConsole(app)('POST', '/api/console/link/password', {
    token: tokenOf(made),
    password,
  })
  expect(answer.status).toBe(204)
  return {
    id: made.operator.id,
    cookies: cookiesOf(answer),
    call: callConsole(app, { cookie: cookiesOf(answer) }),
  }
}

async function entries(call: ConsoleCall, key: string) {
  const logs = await json<AuditLog[]>(call('GET', `/api/logs?logKey=${key}`))
  return logs.map(each => each.payload)
}

test('an operator adds another one, whose link says for whom it is and signs in', async () => {
  const server = await launch()
  const ada = await signInOperator(server.app)
  const added = await ada('POST', '/api/console/operators', { name: ' Grace ' })
  expect(added.status).toBe(201)
  const made = (await added.json()) as OperatorLink
  expect(made).toMatchObject({ operator: { name: 'Grace' }, expiresAt: expect.any(Number) })
  expect(made.link).toMatch(/^http:\/\/localhost:3002\/set-password#token=\w{32}$/)
  const anybody = callConsole(server.app)
  const body = { token: tokenOf(made) }
  expect(await json(anybody('POST', '/api/console/link', body))).toEqual({ name: 'Grace' })
  const set = await anybody('POST', '/api/console/link/password', { ...body, password: 'anemone-quartz' })
  expect(set.headers.getSetCookie()).toEqual([
    expect.stringMatching(/^countersign_operator=\w+; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/),
    expect.stringMatching(/^countersign_operator_device=[\w.-]+; Max-Age=15552000; Path=\/; HttpOnly; Same/),
  ])
  const grace = callConsole(server.app, { cookie: cookiesOf(set) })
  expect(await json(grace('GET', '/api/console/state'))).toMatchObject({ operator: { name: 'Grace' } })
  expect(await json<ListedOperator[]>(grace('GET', '/api/console/operators'))).toMatchObject([
    { name: 'Ada', state: 'active' },
    { name: 'Grace', state: 'active' },
  ])
  expect((await anybody('POST', '/api/console/link', body)).status).toBe(403)
})

test('everything that operators do is written down with their names, also when they are gone', async () => {
  const server = await launch()
  const ada = await signInOperator(server.app)
  const grace = await join(server, ada, 'Grace')
  await grace.call('PATCH', '/api/sign-in-exp', { signInMode: 'SignIn' })
  const barbara = await join(server, grace.call, 'Barbara')
  await barbara.call('PATCH', '/api/console/password', {
    currentPassword: 'anemone-quartz',
    password: 'quartz-anemone',
  })
  await barbara.call('DELETE', '/api/console/session')
  await ada('POST', `/api/console/operators/${barbara.id}/link`)
  await ada('DELETE', `/api/console/operators/${grace.id}`)

  const byGrace = { operatorId: grace.id, operatorName: 'Grace', result: 'Success' }
  expect(await entries(ada, 'Action.UpdateSignInExp')).toMatchObject([byGrace])
  expect(await entries(ada, 'Action.AddOperator')).toMatchObject([
    { ...byGrace, operator: { id: barbara.id, name: 'Barbara' } },
    { operatorName: 'Ada', operator: { id: grace.id, name: 'Grace' } },
  ])
  expect(await entries(ada, 'Action.ChangeOperatorPassword')).toMatchObject([{ operatorName: 'Barbara' }])
  expect(await entries(ada, 'Action.SignOutOperator')).toMatchObject([{ operatorName: 'Barbara' }])
  expect(await entries(ada, 'Action.ResetOperator')).toMatchObject([
    { operatorName: 'Ada', operator: { name: 'Barbara' } },
  ])
  expect(await entries(ada, 'Action.RemoveOperator')).toMatchObject([
    { operatorName: 'Ada', operator: { id: grace.id, name: 'Grace' } },
  ])
  expect(await entries(ada, 'Action.CreateFirstOperator')).toMatchObject([{ operatorName: 'Ada' }])
  expect(await entries(ada, 'Action.SetOperatorPassword')).toHaveLength(2)
  expect((await grace.call('GET', '/api/console/operators')).status).toBe(401)
})

test('nobody who is not signed in learns of operators or changes them', async () => {
  const server = await launch()
  const ada = await signInOperator(server.app)
  const { id } = await join(server, ada, 'Grace')
  const anybody = callConsole(server.app)
  for (const [method, path, body] of [
    ['GET', ''],
    ['POST', '', { name: 'Eve' }],
    ['DELETE', `/${id}`],
    ['POST', `/${id}/link`],
  ] as const)
    expect((await anybody(method, `/api/console/operators${path}`, body)).status, method).toBe(401)
  const passwords = { currentPassword: 'anemone-quartz', password: 'quartz-anemone' }
  expect((await anybody('PATCH', '/api/console/password', passwords)).status).toBe(401)
  // The public port knows nothing of them.
  expect((await server.manage('GET', '/api/console/operators')).status).toBe(404)
})

test('a password that the policy refuses is refused in sentences of the reader’s language', async () => {
  const server = await launch()
  const refused = await callConsole(server.app, { 'accept-language': 'zh-CN' })(
    'POST',
    '/api/console/first-operator',
    { token: await server.app.operators.firstLink(), name: 'Ada', password: 'qwerty123' },
  )
  expect(refused.status).toBe(422)
  expect(await refused.json()).toMatchObject({
    code: 'password.rejected',
    data: {
      issues: expect.arrayContaining([
        expect.objectContaining({ message: '该密码曾在数据泄露中出现，请换一个。' }),
      ]),
    },
  })
})

test.each(['', ' ', 'two\nlines', 'A\u202eda', 'A\u200bda', 'x'.repeat(129)])(
  'the name %j is refused',
  async name => {
    const server = await launch()
    const ada = await signInOperator(server.app)
    expect((await ada('POST', '/api/console/operators', { name })).status).toBe(400)
  },
)

test('guesses from elsewhere lock out no operator, and none who signed in with this browser', async () => {
  const server = await launch({ TRUST_PROXY: 'true' })
  const ada = await signInOperator(server.app)
  const grace = await join(server, ada, 'Grace')
  const signIn = (ip: string, password: string, cookie = '') =>
    callConsole(server.app, { 'x-forwarded-for': ip, cookie })('POST', '/api/console/session', {
      name: 'Grace',
      password,
    })
  for (let turn = 0; turn < 12; turn += 1) await signIn('203.0.113.9', `guess ${turn}`)
  expect((await signIn('203.0.113.9', 'anemone-quartz')).status).toBe(400)
  expect((await signIn('192.0.2.1', 'anemone-quartz')).status).toBe(204)
  for (let turn = 0; turn < 20; turn += 1) await signIn(`203.0.113.${turn + 10}`, `guess ${turn}`)
  expect((await signIn('192.0.2.1', 'anemone-quartz')).status).toBe(400)
  expect((await signIn('192.0.2.1', 'anemone-quartz', grace.cookies)).status).toBe(204)
})
