import { expect, test } from 'vitest'
import { readTimeWindow } from '../http/query.ts'
import { ADMIN, type Launched, launch } from '../testing/launch.ts'
import { signInOperator } from '../testing/operator.ts'
import { go, INBOX, ready, TYPED } from '../testing/visitor.ts'

interface Log {
  id: string
  key: string
  payload: Record<string, unknown> & { result: string }
}

const PHONE = '8613800138000'

async function logs(server: Launched, query = ''): Promise<Log[]> {
  const answer = await server.manage('GET', `/api/logs?page_size=100&${query}`)
  expect(answer.status).toBe(200)
  return (await answer.json()) as Log[]
}

const code = (status: number, name: string) => ({ status, body: { code: name, message: expect.any(String) } })

async function signUp(server: Launched) {
  await server.connect('aliyun-sms')
  await server.manage('PATCH', '/api/sign-in-exp', {
    signUp: { identifiers: ['phone'], password: false, verify: true },
    signIn: {
      methods: [{ identifier: 'phone', password: false, verificationCode: true, isPasswordPrimary: false }],
    },
  })
  const browser = await server.visit()
  const identifier = { type: 'phone', value: PHONE }
  /** A step each moment, so that the log can tell which came first. */
  const step: typeof browser.experience = (...call) => {
    server.wait(1)
    return browser.experience(...call)
  }
  await step('PUT', '', { interactionEvent: 'Register' })
  const sent = await step('POST', '/verification/verification-code', {
    identifier,
    interactionEvent: 'Register',
  })
  const { verificationId } = sent.json
  const verify = (value: string) =>
    step('POST', '/verification/verification-code/verify', {
      identifier,
      verificationId,
      code: value,
    })
  const right = server.codeFor(`+${PHONE}`)
  await verify(right === '000000' ? '111111' : '000000')
  await verify(right)
  await step('POST', '/identification', { verificationId })
  await step('POST', '/submit')
  return right
}

test('every step of an interaction is written down, without the code and the whole number', async () => {
  const server = await launch()
  const right = await signUp(server)
  const entries = (await logs(server)).filter(each => each.key.startsWith('Interaction.')).reverse()
  expect(entries.map(each => [each.key, each.payload.result])).toEqual([
    ['Interaction.Create', 'Success'],
    ['Interaction.Register.Create', 'Success'],
    ['Interaction.Register.Verification.PhoneVerificationCode.Create', 'Success'],
    ['Interaction.Register.Verification.PhoneVerificationCode.Submit', 'Error'],
    ['Interaction.Register.Verification.PhoneVerificationCode.Submit', 'Success'],
    ['Interaction.Register.Identifier.Submit', 'Success'],
    ['Interaction.Register.Submit', 'Success'],
  ])
  const text = JSON.stringify(entries)
  expect(text).not.toContain(`"${right}"`)
  expect(text).not.toContain('13800138000')
  expect(entries[3]!.payload).toMatchObject({
    error: { code: 'verification_code.code_mismatch' },
    payload: { code: '******', identifier: { type: 'phone', value: '+86 138****8000' } },
    interaction: { interactionEvent: 'Register' },
    applicationId: expect.any(String),
    interactionId: expect.any(String),
    ip: expect.any(String),
  })
  for (const { payload } of entries.slice(1)) expect(payload.sessionId).toBe(payload.interactionId)
  const { userId } = entries.at(-1)!.payload
  expect(userId).toMatch(/^[0-9a-z]{12}$/)
  expect((await logs(server, `userId=${userId}`)).map(each => each.key)).toContain(
    'Interaction.Register.Submit',
  )
})

test('tokens that were given, refused and revoked are written down', async () => {
  const server = await launch()
  const { id } = (await (
    await server.manage('POST', '/api/applications', { name: 'Robot', type: 'MachineToMachine' })
  ).json()) as { id: string }
  server.wait(1)
  const refused = await fetch(`${server.endpoint}/oidc/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials', client_id: id, client_secret: 'wr0ng' }),
  })
  expect(refused.status).toBe(401)
  const entries = await logs(server, 'logKey=ExchangeTokenBy.ClientCredentials')
  expect(entries.map(each => each.payload)).toMatchObject([
    { result: 'Error', applicationId: id, error: { code: 'oidc.invalid_client' } },
    {
      result: 'Success',
      scope: 'all',
      tokenTypes: ['AccessToken'],
      params: { client_secret: '******' },
      applicationSecret: { name: 'Default secret' },
    },
  ])
  expect(entries[0]!.payload).not.toHaveProperty('applicationSecret')
  expect(JSON.stringify(await logs(server))).not.toContain('wr0ng')
})

test('what came from a browser says which browser', async () => {
  const server = await launch()
  const headers = {
    'user-agent':
      'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36',
  }
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: ADMIN.id,
    client_secret: 'x',
  })
  await fetch(`${server.endpoint}/oidc/token`, { method: 'POST', headers, body })
  const [entry] = (await logs(server, 'logKey=ExchangeTokenBy.ClientCredentials')).filter(
    each => each.payload.result === 'Error',
  )
  expect(entry!.payload).toMatchObject({
    userAgent: headers['user-agent'],
    userAgentParsed: {
      ua: headers['user-agent'],
      browser: { name: 'Chrome', version: '126.0.0.0' },
      device: { vendor: 'Google', model: 'Pixel 8', type: 'mobile' },
      engine: { name: 'Blink' },
      os: { name: 'Android', version: '14' },
      cpu: {},
    },
  })
})

test('what a captcha told is written down as given, without what it told', async () => {
  const server = await launch()
  const browser = await server.visit()
  await browser.experience('PUT', '', { interactionEvent: 'SignIn', captchaToken: 'from-the-captcha' })
  const [entry] = await logs(server, 'logKey=Interaction.Create.Captcha')
  expect(entry!.payload).toMatchObject({
    result: 'Error',
    applicationId: expect.any(String),
    captchaRefused: 'malformed',
    error: { code: 'session.captcha_failed' },
  })
  expect(JSON.stringify(await logs(server))).not.toContain('from-the-captcha')
  await browser.experience('PUT', '', { interactionEvent: 'SignIn' })
  expect(await logs(server, 'logKey=Interaction.Create.Captcha')).toHaveLength(1)
})

test('management changes are written down with who made them, but not what reading brought', async () => {
  const server = await launch()
  const created = (await (
    await server.manage('POST', '/api/users', { username: 'ada', password: 's3cret' })
  ).json()) as {
    id: string
  }
  await server.manage('GET', `/api/users/${created.id}`)
  server.wait(1)
  await server.manage('PATCH', '/api/users/nobody', { name: 'x' })
  server.wait(1)
  const operator = await signInOperator(server.app)
  server.wait(1)
  await operator('PATCH', `/api/users/${created.id}`, { name: 'Ada' })
  const entries = (await logs(server)).filter(each => each.key.startsWith('Action.')).reverse()
  expect(entries.map(({ payload }) => payload)).toMatchObject([
    {
      key: 'Action.CreateUser',
      result: 'Success',
      applicationId: expect.any(String),
      members: ['username', 'password'],
    },
    {
      key: 'Action.UpdateUser',
      result: 'Error',
      params: { userId: 'nobody' },
      error: { code: 'entity.not_found' },
    },
    { key: 'Action.CreateFirstOperator', result: 'Success', operatorName: 'Ada' },
    {
      key: 'Action.UpdateUser',
      result: 'Success',
      params: { userId: created.id },
      operatorId: expect.any(String),
      operatorName: 'Ada',
    },
  ])
  expect(JSON.stringify(entries)).not.toContain('s3cret')
})

test('what was done to a user by API is found among what happened to that user', async () => {
  const server = await launch()
  const { id } = (await (await server.manage('POST', '/api/users', {})).json()) as { id: string }
  await server.manage('PATCH', `/api/users/${id}/is-suspended`, { isSuspended: true })
  server.wait(1)
  await server.manage('DELETE', `/api/users/${id}`)
  await server.manage('DELETE', '/api/users/nobody')
  const entries = await logs(server, `userId=${id}`)
  expect(entries.map(({ key, payload }) => [key, payload.userId])).toEqual([
    ['Action.DeleteUser', id],
    ['Action.UpdateUserIsSuspended', id],
  ])
})

test('moments are cut to whole milliseconds, with which alone PostgreSQL compares', () => {
  expect(readTimeWindow({ start_time: '1.5', end_time: '2e3' })).toEqual({ from: 1, to: 2000 })
})

test('the list takes its filters, refuses nonsense, and says where it stopped counting', async () => {
  const server = await launch()
  await server.manage('POST', '/api/users', {})
  const [entry] = await logs(server, 'logKey=Action.CreateUser')
  const get = async (path: string) => {
    const answer = await server.manage('GET', path)
    return { status: answer.status, body: await answer.json(), headers: answer.headers }
  }
  expect((await get(`/api/logs/${entry!.id}`)).body).toEqual(entry)
  expect(await get('/api/logs/nothing')).toMatchObject(code(404, 'entity.not_exists_with_id'))
  expect(await get('/api/logs?start_time=soon')).toMatchObject(code(400, 'guard.invalid_input'))
  expect(await get('/api/logs?start_time=2&end_time=1')).toMatchObject(code(400, 'log.invalid_time_window'))
  expect(await get('/api/logs?end_time=%20')).toMatchObject(code(400, 'guard.invalid_input'))
  expect((await get('/api/logs?end_time=1')).body).toEqual([])
  expect((await get('/api/logs?start_time=&logKey=Action.CreateUser')).body).toEqual([entry])
  const { headers } = await get('/api/logs?enableCap=true')
  expect(headers.get('total-number-is-capped')).toBeNull()
  expect(headers.get('link')).toContain('rel="last"')
})

test('the list takes a user as somebody would write one, a result and an operator', async () => {
  const server = await launch()
  const made = await server.manage('POST', '/api/users', { name: 'Lin', primaryPhone: '8613800138000' })
  const { id } = (await made.json()) as { id: string }
  await server.manage('PATCH', `/api/users/${id}`, { username: 'lin' })
  await server.manage('PATCH', `/api/users/${id}`, { username: '1' })
  const keys = async (query: string) =>
    (await logs(server, query)).map(({ key, payload }) => `${key} ${payload.result}`)
  const [refused, changed] = ['Action.UpdateUser Error', 'Action.UpdateUser Success']
  expect((await keys(`user=${encodeURIComponent('+86 138 0013 8000')}`)).sort()).toEqual([refused, changed])
  expect(await keys('user=Lin&result=Success')).toEqual([changed])
  expect(await keys('user=Lin&result=Error&logKey=Action.CreateUser')).toEqual([])
  expect(await keys(`user=%20&userId=${id}&result=Error`)).toEqual([refused])
  expect(await keys('user=somebody%20else')).toEqual([])
  expect(await keys('operatorId=nobody')).toEqual([])

  const status = async (query: string) => (await server.manage('GET', `/api/logs?${query}`)).status
  expect(await status('result=error')).toBe(400)
  expect(await status('user=%00')).toBe(400)
  expect(await status(`user=${'a'.repeat(257)}`)).toBe(400)

  const operator = await signInOperator(server.app)
  const { id: operatorId } = (
    (await (await operator('GET', '/api/console/operators')).json()) as { id: string }[]
  )[0]!
  await operator('PATCH', `/api/users/${id}`, { name: 'Lin Wei' })
  await operator('PATCH', `/api/users/${id}`, { username: '1' })
  expect(await keys(`operatorId=${operatorId}&user=lin&result=Success`)).toEqual([changed])
  expect(await keys(`operatorId=${operatorId}&result=Error`)).toEqual([refused])
})

test('a session and the kind of a revoked token are named', async () => {
  const server = await ready()
  const visitor = await server.visit({ scope: 'openid offline_access' })
  const form = await visitor.submit(await go(visitor, '/register'), TYPED)
  await visitor.submit(form, { code: server.codeFor(INBOX) })
  const callback = 'https://app.example.com/callback'
  const post = async (path: string, parameters: Record<string, string>) => {
    const body = new URLSearchParams({ client_id: visitor.applicationId, ...parameters })
    const answer = await fetch(`${server.endpoint}/oidc${path}`, { method: 'POST', body })
    expect(answer.status).toBe(200)
    return answer.text()
  }
  const tokens = JSON.parse(
    await post('/token', {
      grant_type: 'authorization_code',
      code: visitor.leftTo?.searchParams.get('code') ?? '',
      code_verifier: 'verifier-of-test-verifier-of-test-verifier-of-test',
      redirect_uri: callback,
    }),
  ) as { refresh_token: string }
  await post('/token/revocation', { token: tokens.refresh_token })
  const revoked = await logs(server, 'logKey=RevokeToken')
  expect(revoked.map(({ payload }) => payload)).toMatchObject([
    { tokenTypes: ['RefreshToken'], grantId: expect.any(String), params: { token: '******' } },
  ])
  server.wait(1)
  await visitor.authorize(visitor.applicationId, callback, {})
  const begun = await logs(server, 'logKey=Interaction.Create')
  const [{ payload }] = (
    (await (await server.manage('GET', `/api/users/${revoked[0]?.payload.userId}/sessions`)).json()) as {
      sessions: [{ payload: { uid: string } }]
    }
  ).sessions
  // The first time nobody was signed in.
  expect(begun.map(each => each.payload.sessionId).at(-1)).toBeUndefined()
  expect(begun[0]?.payload.sessionId).toBe(payload.uid)
})

test('the address of who asked is the one that trusted proxies saw, as it is written everywhere', async () => {
  const server = await launch({ TRUST_PROXY: '127.0.0.0/8,::1,10.0.0.0/8,162.158.0.0/15' })
  const operator = await signInOperator(server.app)
  expect((await operator('GET', '/api/logs')).status).toBe(200)
  for (const [name, forwarded] of [
    ['ada', '203.0.113.7, 162.158.94.179'],
    ['ben', '198.51.100.66, 203.0.113.7:51234, 10.0.0.5'],
    ['cem', '[2001:DB8:0::1]:443'],
  ])
    await fetch(`${server.endpoint}/oidc/token`, {
      method: 'POST',
      headers: { 'x-forwarded-for': forwarded! },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: ADMIN.id,
        client_secret: `wrong ${name}`,
      }),
    })
  await server.app.settled()
  const addresses = (await logs(server, 'logKey=ExchangeTokenBy.ClientCredentials')).map(
    ({ payload }) => payload.ip,
  )
  expect(addresses.slice(-3).sort()).toEqual(['2001:db8::1', '203.0.113.7', '203.0.113.7'])
})
