import { sampleSettings } from '@countersign/simulators'
import { describe, expect, test } from 'vitest'
import { call, code } from '../testing/calls.ts'
import { launch } from '../testing/launch.ts'

const ALIYUN = 'aliyun-short-message-service'
const MAIL = 'aliyun-direct-mail'
const config = sampleSettings['aliyun-sms']

describe('connectors of the Management API', () => {
  test('are saved, listed, read, changed and deleted', async () => {
    const server = await launch()
    const made = await call(server, 'POST', '/api/connectors', { connectorId: ALIYUN, config })
    expect(made).toMatchObject({
      status: 200,
      body: {
        id: expect.stringMatching(/^[0-9a-z]{12}$/),
        connectorId: ALIYUN,
        type: 'Sms',
        target: 'aliyun-sms',
        config,
        metadata: {},
        syncProfile: false,
        enableTokenStorage: false,
        isDemo: false,
        extraInfo: {},
        platform: null,
      },
    })
    const path = `/api/connectors/${made.body.id}`
    expect((await call(server, 'GET', path)).body).toEqual(made.body)
    expect((await call(server, 'GET', '/api/connectors')).body).toEqual([made.body])
    expect((await call(server, 'GET', '/api/connectors?target=aliyun-dm')).body).toEqual([])
    const changed = await call(server, 'PATCH', path, { config: { ...config, signName: 'Example' } })
    expect(changed).toMatchObject({ status: 200, body: { config: { signName: 'Example' } } })
    expect(await call(server, 'DELETE', path)).toEqual({ status: 204, body: '' })
    expect(await call(server, 'GET', path)).toMatchObject(code(404, 'entity.not_found'))
  })

  test("the region of Logto's own connector for Direct Mail is taken, and refused where there is none such", async () => {
    const server = await launch()
    const { region: _, ...mail } = sampleSettings['aliyun-dm']
    const input = { connectorId: MAIL, config: { ...mail, regionId: 'ap-southeast-1' } }
    const made = await call(server, 'POST', '/api/connectors', input)
    expect(made).toMatchObject({ status: 200, body: { config: { ...mail, region: 'ap-southeast-1' } } })
    expect(made.body.config).not.toHaveProperty('regionId')
    const path = `/api/connectors/${made.body.id}`
    const elsewhere = { config: { ...mail, regionId: 'nowhere' } }
    expect(await call(server, 'PATCH', path, elsewhere)).toMatchObject(code(400, 'connector.invalid_config'))
    const tried = { email: 'ada@example.com', config: input.config }
    expect((await call(server, 'POST', `/api/connectors/${MAIL}/test`, tried)).body).toMatchObject({
      data: { providerCode: 'InvalidMailAddress.NotFound' },
    })
  })

  test('a new one of a type takes the place of the earlier one there, also of another provider', async () => {
    const server = await launch()
    await server.connect('aliyun-sms')
    await server.connect('aliyun-dm')
    await server.connect('tencent-sms')
    const { body } = await call(server, 'GET', '/api/connectors')
    expect(body.map((one: { target: string }) => one.target).sort()).toEqual(['aliyun-dm', 'tencent-sms'])
  })

  test.each([
    [{ connectorId: 'no-such-factory' }, 422, 'connector.not_found_with_connector_id'],
    [{ connectorId: ALIYUN, config: {} }, 400, 'connector.invalid_config'],
    [{ connectorId: ALIYUN, config, enableTokenStorage: true }, 422, 'request.feature_not_supported'],
    [{ connectorId: ALIYUN, config: {}, enableTokenStorage: true }, 400, 'connector.invalid_config'],
    [{}, 400, 'guard.invalid_input'],
    [{ connectorId: '' }, 400, 'guard.invalid_input'],
    [{ connectorId: ALIYUN, config: [] }, 400, 'guard.invalid_input'],
    [{ connectorId: ALIYUN, id: 'x'.repeat(129) }, 400, 'guard.invalid_input'],
  ])('creating %j is refused', async (body, status, name) => {
    const server = await launch()
    expect(await call(server, 'POST', '/api/connectors', body)).toMatchObject(code(status, name))
    expect((await call(server, 'GET', '/api/connectors')).body).toEqual([])
  })

  test('an id that is taken is refused', async () => {
    const server = await launch()
    await call(server, 'POST', '/api/connectors', { connectorId: ALIYUN, config, id: 'mine' })
    const again = { connectorId: MAIL, config: sampleSettings['aliyun-dm'], id: 'mine' }
    expect(await call(server, 'POST', '/api/connectors', again)).toMatchObject(
      code(422, 'entity.create_failed'),
    )
  })

  test('members that nothing reads, and numbers for texts of digits, are taken and kept as they are', async () => {
    const server = await launch()
    const mail = { ...sampleSettings['aliyun-dm'], replyToAddress: true, tag: 'x' }
    expect(await call(server, 'POST', '/api/connectors', { connectorId: MAIL, config: mail })).toMatchObject({
      status: 200,
      body: { config: { replyToAddress: true, tag: 'x' } },
    })
    const templates = (sampleSettings['tencent-sms'].templates as { templateCode: string }[]).map(row => ({
      ...row,
      templateCode: Number(row.templateCode),
    }))
    const sms = { ...sampleSettings['tencent-sms'], templates }
    const numbers = { ...sms, sdkAppId: Number(sampleSettings['tencent-sms'].sdkAppId) }
    const made = await call(server, 'POST', '/api/connectors', {
      connectorId: 'tencent-short-message-service',
      config: numbers,
    })
    expect(made).toMatchObject({ status: 200, body: { config: numbers } })
    expect((await call(server, 'POST', '/api/verification-codes', { phone: '8613800138000' })).status).toBe(
      204,
    )
  })

  test.each([
    ['Example <noreply@mail.example.com>', 'must be exactly one mail address'],
    ['a@m.com,b@m.com', 'must be exactly one mail address'],
    ['noreply@mail.example.com\u200B', 'must be exactly one mail address'],
  ])('the sender address %j is refused, with what it must be', async (accountName, said) => {
    const server = await launch()
    const answer = await call(server, 'POST', '/api/connectors', {
      connectorId: MAIL,
      config: { ...sampleSettings['aliyun-dm'], accountName },
    })
    expect(answer).toMatchObject(code(400, 'connector.invalid_config'))
    expect(answer.body.data.issues).toMatchObject([
      { path: ['accountName'], message: expect.stringContaining(said) },
    ])
  })

  test('a configuration that is refused names every field', async () => {
    const server = await launch()
    const { body } = await call(server, 'POST', '/api/connectors', {
      connectorId: ALIYUN,
      config: { ...config, accessKeyId: '', templates: [] },
    })
    expect(body.data.name).toBe('ZodError')
    expect(body.data.issues.map((issue: { path: string[] }) => issue.path.join('.'))).toEqual([
      'accessKeyId',
      'templates',
    ])
  })

  test.each([
    [{ metadata: {} }, 400, 'connector.cannot_overwrite_metadata_for_non_standard_connector'],
    [{ enableTokenStorage: true }, 422, 'request.feature_not_supported'],
    [{ syncProfile: true }, 422, 'connector.invalid_type_for_syncing_profile'],
    [{ config: {} }, 400, 'connector.invalid_config'],
    [{ config: {}, metadata: {}, syncProfile: true }, 400, 'connector.invalid_config'],
    [{ syncProfile: true, enableTokenStorage: true }, 422, 'connector.invalid_type_for_syncing_profile'],
    [{}, 422, 'entity.invalid_input'],
    [{ other: 1 }, 422, 'entity.invalid_input'],
  ])('changing to %j is refused', async (body, status, name) => {
    const server = await launch()
    await server.connect('aliyun-sms')
    const [{ id }] = (await call(server, 'GET', '/api/connectors')).body
    expect(await call(server, 'PATCH', `/api/connectors/${id}`, body)).toMatchObject(code(status, name))
    expect(await call(server, 'PATCH', '/api/connectors/none', body)).toMatchObject(
      code(404, 'entity.not_found'),
    )
  })

  test('a profile to keep in step is no matter of messages, and no reason to refuse a new connection', async () => {
    const server = await launch()
    const body = { connectorId: ALIYUN, config, syncProfile: true }
    expect(await call(server, 'POST', '/api/connectors', body)).toMatchObject({
      status: 200,
      body: { syncProfile: false },
    })
  })

  test('the last way to a new password stays while passwords expire', async () => {
    const server = await launch()
    await server.connect('aliyun-sms')
    await server.connect('aliyun-dm')
    const settings = {
      passwordExpiration: { enabled: true, validPeriodDays: 30 },
      forgotPasswordMethods: ['PhoneVerificationCode'],
    }
    expect((await call(server, 'PATCH', '/api/sign-in-exp', settings)).status).toBe(200)
    const all: { id: string; type: string }[] = (await call(server, 'GET', '/api/connectors')).body
    const remove = (type: string) =>
      call(server, 'DELETE', `/api/connectors/${all.find(each => each.type === type)?.id}`)
    expect(await remove('Sms')).toMatchObject(
      code(422, 'sign_in_experiences.password_expiration_requires_forgot_password'),
    )
    expect((await call(server, 'GET', '/api/connectors')).body).toHaveLength(2)
    expect(await remove('Email')).toMatchObject({ status: 204 })
    await call(server, 'PATCH', '/api/sign-in-exp', { passwordExpiration: { enabled: false } })
    expect(await remove('Sms')).toMatchObject({ status: 204 })
  })

  test('deleting the last one leaves the settings, and sending then says that there is none', async () => {
    const server = await launch()
    await server.connect('aliyun-sms')
    const signUp = { identifiers: ['phone'], password: false, verify: true }
    await call(server, 'PATCH', '/api/sign-in-exp', { signUp })
    const [{ id }] = (await call(server, 'GET', '/api/connectors')).body
    await call(server, 'DELETE', `/api/connectors/${id}`)
    expect((await call(server, 'GET', '/api/sign-in-exp')).body.signUp).toEqual(signUp)
    expect(await call(server, 'POST', '/api/verification-codes', { phone: '8613800138000' })).toMatchObject(
      code(501, 'connector.not_found'),
    )
    expect(await call(server, 'DELETE', `/api/connectors/${id}`)).toMatchObject(code(404, 'entity.not_found'))
  })

  test('factories are listed and read by the ids that Logto knows', async () => {
    const server = await launch()
    const { body } = await call(server, 'GET', '/api/connector-factories')
    expect(body.map((one: { id: string }) => one.id).sort()).toEqual([
      MAIL,
      'aliyun-short-message-auth-service',
      ALIYUN,
      'tencent-short-message-service',
    ])
    const one = await call(server, 'GET', `/api/connector-factories/${ALIYUN}`)
    expect(one.body).toEqual(body.find((each: { id: string }) => each.id === ALIYUN))
    expect(one.body).not.toHaveProperty('config')
    for (const id of ['aliyun-sms', 'nothing'])
      expect(await call(server, 'GET', `/api/connector-factories/${id}`)).toMatchObject(
        code(404, 'entity.not_found'),
      )
  })
})

describe('the test of a connector', () => {
  const path = `/api/connectors/${ALIYUN}/test`

  test('sends the code 000000 with the configuration given, saves nothing and counts for nobody', async () => {
    const server = await launch()
    for (let time = 0; time < 11; time += 1)
      expect(await call(server, 'POST', path, { phone: '8613800138000', config })).toMatchObject({
        status: 204,
      })
    expect(server.codeFor('+8613800138000')).toBe('000000')
    expect((await call(server, 'GET', '/api/connectors')).body).toEqual([])
    await server.connect('aliyun-sms')
    expect(await call(server, 'POST', '/api/verification-codes', { phone: '8613800138000' })).toMatchObject({
      status: 204,
    })
  })

  test('takes the phone when both are given', async () => {
    const server = await launch()
    const body = { phone: '8613800138000', email: 'ada@example.com', config, locale: 'zh-CN' }
    expect(await call(server, 'POST', path, body)).toMatchObject({ status: 204 })
  })

  test.each([
    [path, { config }, 400, 'guard.invalid_input'],
    [path, { phone: '8613800138000' }, 400, 'guard.invalid_input'],
    [path, { phone: '+8613800138000', config }, 400, 'guard.invalid_input'],
    [path, { phone: '861380013800', config }, 422, 'user.invalid_phone'],
    [path, { phone: '864008108888', config }, 422, 'user.invalid_phone'],
    ['/api/connectors/nothing/test', { phone: '8613800138000', config }, 400, 'connector.not_found'],
    [path, { email: 'ada@example.com', config }, 400, 'connector.unexpected_type'],
    [`/api/connectors/${MAIL}/test`, { phone: '8613800138000', config }, 400, 'connector.unexpected_type'],
    [path, { phone: '8613800138000', config: {} }, 400, 'connector.invalid_config'],
    [path, { phone: '8613800138000', config: { ...config, templates: [] } }, 400, 'connector.invalid_config'],
  ])('%s with %j is refused', async (to, body, status, name) => {
    const server = await launch()
    expect(await call(server, 'POST', to, body)).toMatchObject(code(status, name))
    expect(server.clouds.control.requests()).toEqual([])
  })

  test('tells those who manage connectors what the provider said', async () => {
    const server = await launch()
    const refused = await call(server, 'POST', path, {
      phone: '8613800138000',
      config: { ...config, signName: '驳回签名' },
    })
    expect(refused).toMatchObject({
      status: 400,
      body: {
        code: 'connector.general',
        data: {
          failure: 'message_rejected',
          providerCode: 'isv.SMS_SIGNATURE_ILLEGAL',
          meaning: { en: expect.any(String) },
          remedy: { en: expect.any(String) },
          answer: { status: 200, body: expect.stringContaining('RequestId') },
        },
      },
    })
    expect(JSON.stringify(refused.body)).not.toContain(config.accessKeySecret)
  })
})
