import { HOOK_EVENTS } from '@countersign/api'
import { describe, expect, test } from 'vitest'
import { call, callWithHeaders, code } from '../testing/calls.ts'
import { type Launched, launch } from '../testing/launch.ts'
import { receiver } from './testing.ts'

const config = { url: 'https://example.com/hook' }

describe('webhooks of the Management API', () => {
  test('are made, listed, read, changed and deleted', async () => {
    const server = await launch()
    const made = await call(server, 'POST', '/api/hooks', {
      events: ['PostSignIn', 'User.Created', 'PostSignIn', 'Organization.Created'],
      config: { ...config, headers: { 'x-a': 'b' }, retries: 3, unknown: 1 },
      id: 'mine',
      signingKey: 'mine',
    })
    expect(made).toMatchObject({ status: 201 })
    expect(made.body).toEqual({
      tenantId: 'default',
      id: expect.stringMatching(/^[0-9a-z]{21}$/),
      name: '',
      event: null,
      events: ['PostSignIn', 'User.Created', 'Organization.Created'],
      config: { ...config, headers: { 'x-a': 'b' }, retries: 3 },
      signingKey: expect.stringMatching(/^[0-9A-Za-z]{32}$/),
      enabled: true,
      createdAt: expect.any(Number),
    })
    const path = `/api/hooks/${made.body.id}`
    expect((await call(server, 'GET', path)).body).toEqual(made.body)
    expect((await call(server, 'GET', '/api/hooks')).body).toEqual([made.body])
    const change = { name: 'Shop', event: 'PostRegister', config, enabled: false }
    expect(await call(server, 'PATCH', path, change)).toMatchObject({
      status: 200,
      body: { ...made.body, ...change },
    })
    expect((await call(server, 'PATCH', path, { event: null })).body.event).toBeNull()
    // The address of a chat service's robot: its secret is told nobody, and stays when it is left out.
    const url = 'https://open.feishu.cn/open-apis/bot/v2/hook/simulated-signed'
    const robot = { form: 'feishu', language: 'zh-CN', secret: 'SECsimulated' }
    const withRobot = (change: object, to = url) => ({ config: { url: to, robot: { ...robot, ...change } } })
    expect((await call(server, 'PATCH', path, withRobot({}))).body.config).toEqual({
      url,
      robot: { form: 'feishu', language: 'zh-CN', signed: true },
    })
    const test = { events: ['PostSignIn'], config: { url, robot: { form: 'feishu', signed: true } } }
    expect((await call(server, 'POST', `${path}/test`, test)).status).toBe(204)
    expect(server.clouds.robots.messages()).toMatchObject([
      { text: expect.stringMatching(/^Countersign: Test message\n/) },
    ])
    const wrong = { ...test.config, robot: { ...robot, secret: 'other' } }
    expect(await call(server, 'POST', `${path}/test`, { ...test, config: wrong })).toMatchObject({
      ...code(422, 'hook.endpoint_responded_with_error'),
      body: { data: { responseStatus: 200, failure: { kind: 'configuration' } } },
    })
    for (const [input, said] of [
      [withRobot({ form: 'slack', secret: undefined }), 'must be the whole address'],
      [
        withRobot({}, 'https://open.feishu.cn.evil.example/open-apis/bot/v2/hook/x'),
        'must be the whole address',
      ],
      [
        withRobot({ form: 'wecom' }, 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k'),
        'must be left out',
      ],
      [withRobot({ secret: 'two words' }), 'without spaces'],
    ] as const) {
      const refused = await call(server, 'PATCH', path, input)
      expect(refused).toMatchObject(code(400, 'guard.invalid_input'))
      expect(refused.body.details).toContain(said)
    }
    expect((await call(server, 'PATCH', path, { config })).body.config).toEqual(config)
    expect((await call(server, 'DELETE', path)).status).toBe(204)
    expect(await call(server, 'GET', path)).toMatchObject(code(404, 'entity.not_exists_with_id'))
  })

  test.each([
    ['nonsense', 'begins with https:// or http://'],
    ['ftp://example.com/hook', 'begins with https:// or http://'],
    ['https://example.com/hook\u200B', 'characters that nobody sees'],
    ['https://example.com/ho ok', 'must not hold spaces'],
    ['https://me:secret@example.com/hook', 'send them in a header'],
  ])('are not saved with the address %j, which nobody could ask', async (url, said) => {
    const server = await launch()
    const input = { event: 'PostSignIn', config: { url } }
    const refused = await call(server, 'POST', '/api/hooks', input)
    expect(refused).toMatchObject(code(400, 'guard.invalid_input'))
    expect(refused.body.details).toContain('"config.url"')
    expect(refused.body.details).toContain(said)
    const { body } = await call(server, 'POST', '/api/hooks', { ...input, config })
    expect((await call(server, 'PATCH', `/api/hooks/${body.id}`, input)).status).toBe(400)
  })

  test.each([
    [{ 'X-Key': 'one\r\nX-Other: two' }, 'must be one line'],
    [{ 'X-Key': '密钥' }, 'must be one line'],
    [{ 'X-Key:': 'one' }, 'must be the name of a header'],
    [{ '': 'one' }, 'must be the name of a header'],
  ])('are not saved with headers %j, which no request could carry', async (headers, said) => {
    const server = await launch()
    const input = { event: 'PostSignIn', config: { ...config, headers } }
    const refused = await call(server, 'POST', '/api/hooks', input)
    expect(refused).toMatchObject(code(400, 'guard.invalid_input'))
    expect(refused.body.details).toContain('"config.headers')
    expect(refused.body.details).toContain(said)
  })

  test('are listed newest first, in pages only when asked for', async () => {
    const server = await launch()
    for (const name of ['one', 'two', 'three']) {
      await call(server, 'POST', '/api/hooks', { name, event: 'PostSignIn', config })
      server.wait(1)
    }
    const names = async (query: string) => {
      const { body, headers } = await callWithHeaders(server, 'GET', `/api/hooks${query}`)
      return [body.map((hook: { name: string }) => hook.name), headers.get('total-number')]
    }
    expect(await names('')).toEqual([['three', 'two', 'one'], null])
    expect(await names('?page=2&page_size=2')).toEqual([['one'], '3'])
  })

  test('get a fresh signing key, in force at once', async () => {
    const server = await launch()
    const { body } = await call(server, 'POST', '/api/hooks', { event: 'PostSignIn', config })
    const rotated = await call(server, 'PATCH', `/api/hooks/${body.id}/signing-key`)
    expect(rotated.status).toBe(200)
    expect(rotated.body).toEqual({ ...body, signingKey: expect.stringMatching(/^[0-9A-Za-z]{32}$/) })
    expect(rotated.body.signingKey).not.toBe(body.signingKey)
    expect((await call(server, 'GET', `/api/hooks/${body.id}`)).body).toEqual(rotated.body)
  })

  test('are refused with what is wrong', async () => {
    const server = await launch()
    const { body } = await call(server, 'POST', '/api/hooks', { event: 'PostSignIn', config })
    const path = `/api/hooks/${body.id}`
    const wrong = async (method: string, where: string, input: unknown, status: number, name: string) =>
      expect(await call(server, method, where, input)).toMatchObject(code(status, name))
    await wrong('POST', '/api/hooks', { config }, 400, 'hook.missing_events')
    for (const input of [
      { events: [], config },
      { events: ['TrustedDevice.Created'], config },
      { event: null, config },
      { event: 'PostSignIn', name: '', config },
      { event: 'PostSignIn', name: 'x'.repeat(257), config },
      { event: 'PostSignIn', config: {} },
      { event: 'PostSignIn' },
      { event: 'PostSignIn', config: { ...config, headers: { a: 1 } } },
      { event: 'PostSignIn', config: { ...config, retries: 4 } },
    ])
      await wrong('POST', '/api/hooks', input, 400, 'guard.invalid_input')
    await wrong('PATCH', path, {}, 422, 'entity.invalid_input')
    await wrong('PATCH', '/api/hooks/none', {}, 422, 'entity.invalid_input')
    await wrong('PATCH', '/api/hooks/none', { name: 'x' }, 404, 'entity.not_exists')
    await wrong('PATCH', path, { events: [] }, 400, 'guard.invalid_input')
    await wrong('PATCH', '/api/hooks/none/signing-key', undefined, 404, 'entity.not_exists')
    await wrong('DELETE', '/api/hooks/none', undefined, 404, 'entity.not_found')
    await wrong('GET', '/api/hooks/none', undefined, 404, 'entity.not_exists_with_id')
    const logs = `${path}/recent-logs`
    await wrong('GET', `${logs}?start_time=soon`, undefined, 400, 'guard.invalid_input')
    await wrong('GET', `${logs}?start_time=2&end_time=1`, undefined, 400, 'log.invalid_time_window')
    await wrong('POST', `${logs}/none/redeliver`, undefined, 404, 'entity.not_exists_with_id')
  })
})

describe('the test of a webhook', () => {
  const hookOf = async (server: Launched) =>
    (await call(server, 'POST', '/api/hooks', { event: 'PostSignIn', config, enabled: false })).body

  test('sends a sample of every event to the given address, signed with the stored key', async () => {
    const server = await launch()
    const { id } = await hookOf(server)
    const { url, events, of, arrived } = await receiver()
    const answer = await call(server, 'POST', `/api/hooks/${id}/test`, {
      events: [...HOOK_EVENTS, 'PostSignIn'],
      config: { url },
    })
    expect(answer.status).toBe(204)
    expect(events()).toEqual([...HOOK_EVENTS].sort())
    expect(arrived.every(({ body }) => body.hookId === id)).toBe(true)
    expect(of('PostSignIn')[0]!.body).toMatchObject({
      createdAt: expect.any(String),
      userIp: expect.any(String),
      user: { customData: {} },
      application: { type: 'SPA' },
    })
    expect(of('User.Created')[0]!.body).toMatchObject({ method: 'PATCH', data: { result: 'success' } })
    // A test leaves no trace.
    const { body } = await call(server, 'GET', `/api/hooks/${id}?includeExecutionStats=true`)
    expect(body.executionStats).toEqual({ successCount: 0, requestCount: 0 })
  })

  test('says what went wrong', async () => {
    const server = await launch()
    const { id } = await hookOf(server)
    const testing = (where: string, url: string) =>
      call(server, 'POST', `/api/hooks/${where}/test`, { events: ['PostSignIn'], config: { url } })
    const { url } = await receiver(() => ({ status: 503, body: 'closed' }))
    expect(await testing(id, url)).toMatchObject({
      status: 422,
      body: {
        code: 'hook.endpoint_responded_with_error',
        data: { responseStatus: 503, responseBody: 'closed' },
      },
    })
    expect(await testing(id, 'nonsense')).toMatchObject({
      status: 422,
      body: {
        code: 'hook.send_test_payload_failed',
        message: expect.stringContaining('Failed to parse URL from nonsense'),
      },
    })
    expect(await testing('none', url)).toMatchObject(code(404, 'entity.not_exists_with_id'))
    expect(
      await call(server, 'POST', `/api/hooks/${id}/test`, { events: [], config: { url } }),
    ).toMatchObject(code(400, 'guard.invalid_input'))
  })

  test('goes to no private address where the clouds are real, unless the operator says so', async () => {
    const { url, arrived } = await receiver()
    const refused = async (env: Record<string, string>, target: string) => {
      const server = await launch(env)
      const { id } = await hookOf(server)
      return call(server, 'POST', `/api/hooks/${id}/test`, {
        events: ['PostSignIn'],
        config: { url: target },
      })
    }
    expect(await refused({ CLOUDS: 'real' }, url)).toMatchObject({
      status: 422,
      body: {
        code: 'hook.send_test_payload_failed',
        message: expect.stringContaining('WEBHOOK_ALLOW_PRIVATE'),
      },
    })
    expect(await refused({}, 'http://169.254.169.254/')).toMatchObject({ status: 422 })
    expect(arrived).toEqual([])
    expect(await refused({ CLOUDS: 'real', WEBHOOK_ALLOW_PRIVATE: 'true' }, url)).toMatchObject({
      status: 204,
    })
  })
})
