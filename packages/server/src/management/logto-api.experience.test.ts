import { sampleSettings } from '@countersign/simulators'
import { expect, test } from 'vitest'
import { type Launched, launch } from '../testing/launch.ts'
import { dataOf, first, logtoClient, neverDone } from '../testing/logto.ts'

// Logto's own client drives what makes up signing in: settings, texts, templates, connectors, codes, the account
// center, and what anyone may read.

const done = new Set<string>()
const client = (server: Launched) => logtoClient(server, done)

const SMS = 'aliyun-short-message-service'

test('the sign-in experience is read, changed and tried', async () => {
  const server = await launch()
  await server.connect('aliyun-sms')
  const logto = client(server)
  const before = dataOf(await logto.GET('/api/sign-in-exp'))
  expect(before).toMatchObject({ tenantId: 'default', signInMode: 'SignInAndRegister' })
  const changed = dataOf(
    await logto.PATCH('/api/sign-in-exp', {
      params: { query: { removeUnusedDemoSocialConnector: 'true' } },
      body: {
        color: { primaryColor: '#abc', isDarkModeEnabled: true, darkPrimaryColor: '#abcdef' },
        languageInfo: { autoDetect: false, fallbackLanguage: 'zh-CN' },
        agreeToTermsPolicy: 'Manual',
        signUp: { identifiers: ['phone'], password: false, verify: true },
        signIn: {
          methods: [
            { identifier: 'phone', password: false, verificationCode: true, isPasswordPrimary: false },
          ],
        },
        mfa: { factors: ['Totp', 'BackupCode'], policy: 'UserControlled' },
        adaptiveMfa: { enabled: false },
        verificationCodePolicy: { expirationDuration: 300, maxRetryAttempts: 5 },
        sentinelPolicy: { maxAttempts: 20, lockoutDuration: 10 },
        emailBlocklistPolicy: { blockSubaddressing: true, customBlocklist: ['@example.net'] },
        forgotPasswordMethods: ['PhoneVerificationCode'],
        captchaPolicy: { enabled: false },
      },
    }),
  )
  expect(changed.signUp.identifiers).toEqual(['phone'])
  expect(changed.mfa.factors).toEqual(['Totp', 'BackupCode'])
  expect(changed.forgotPasswordMethods).toEqual(['PhoneVerificationCode'])
  const rejected = await logto.PATCH('/api/sign-in-exp', { body: { hideLogtoBranding: true } })
  expect(rejected.response.status).toBe(400)
  const tried = await logto.POST('/api/sign-in-exp/default/check-password', {
    body: {
      password: 'an excellent passphrase',
      userId: dataOf(await logto.POST('/api/users', { body: {} })).id,
    },
  })
  expect(dataOf(tried)).toEqual({ result: true })
  const conflicts = await logto.GET('/api/sign-in-exp/username-policy/case-sensitivity-conflicts', {
    params: { query: { limit: 5 } },
  })
  expect(dataOf(conflicts)).toEqual({ totalConflicts: 0, samples: [] })
})

test('anyone reads what a sign-in page needs, the status and the descriptions', async () => {
  const server = await launch()
  const logto = client(server)
  const params = { query: { appId: 'demo-app' } }
  const settings = dataOf(await logto.GET('/api/.well-known/sign-in-exp', { params }))
  expect(settings.signInMode).toBe('SignInAndRegister')
  expect(settings.forgotPassword).toEqual({ phone: false, email: false })
  expect(dataOf(await logto.GET('/api/.well-known/experience', { params }))).toEqual(settings)
  const phrases = await logto.GET('/api/.well-known/phrases', { params: { query: { lng: 'zh-CN' } } })
  expect(dataOf(phrases)).toHaveProperty('translation')
  expect((await logto.GET('/api/status')).response.status).toBe(204)
  // The types know no body of these answers.
  const descriptions = [
    await logto.GET('/api/swagger.json', { parseAs: 'text' }),
    await logto.GET('/api/.well-known/management.openapi.json', { parseAs: 'text' }),
    await logto.GET('/api/.well-known/experience.openapi.json', { parseAs: 'text' }),
    await logto.GET('/api/.well-known/user.openapi.json', { parseAs: 'text' }),
  ]
  expect(descriptions.map(({ response }) => response.status)).toEqual([200, 200, 200, 200])
})

test('connectors are made, listed, read, changed, tried and deleted, and factories listed and read', async () => {
  const logto = client(await launch())
  const config = sampleSettings['aliyun-sms']
  const made = dataOf(
    await logto.POST('/api/connectors', {
      body: { connectorId: SMS, config, metadata: { target: 'texts' }, id: 'messages', syncProfile: false },
    }),
  )
  expect(made).toMatchObject({ id: 'messages', connectorId: SMS, type: 'Sms', target: 'texts', config })
  const params = { path: { id: made.id } }
  expect(dataOf(await logto.GET('/api/connectors/{id}', { params })).name.en).toEqual(expect.any(String))
  const changed = await logto.PATCH('/api/connectors/{id}', {
    params,
    body: { config: { ...config, signName: 'Example' } },
  })
  expect(dataOf(changed).config).toMatchObject({ signName: 'Example' })
  const listed = await logto.GET('/api/connectors', { params: { query: { target: 'texts' } } })
  expect(dataOf(listed).map(({ id }) => id)).toEqual(['messages'])
  const tried = await logto.POST('/api/connectors/{factoryId}/test', {
    params: { path: { factoryId: SMS } },
    body: { phone: '8613800138000', config, locale: 'en' },
  })
  expect(tried.response.status).toBe(204)
  expect((await logto.DELETE('/api/connectors/{id}', { params })).response.status).toBe(204)

  const factories = dataOf(await logto.GET('/api/connector-factories'))
  expect(factories.map(({ id }) => id)).toContain(SMS)
  const factory = await logto.GET('/api/connector-factories/{id}', { params: { path: { id: SMS } } })
  expect(dataOf(factory)).toMatchObject({ id: SMS, type: 'Sms', isDemo: false })
})

test('codes are sent and checked', async () => {
  const server = await launch()
  await server.connect('aliyun-sms')
  const logto = client(server)
  const phone = '8613800138000'
  const sent = await logto.POST('/api/verification-codes', { body: { phone } })
  expect(sent.response.status).toBe(204)
  const verificationCode = server.codeFor(`+${phone}`)
  const checked = await logto.POST('/api/verification-codes/verify', { body: { phone, verificationCode } })
  expect(checked.response.status).toBe(204)
})

test('texts are written, listed, read and deleted', async () => {
  const logto = client(await launch())
  // The types take the literal member `[translationKey]` and no other, so what is written here says nothing.
  const written = await logto.PUT('/api/custom-phrases/{languageTag}', {
    params: { path: { languageTag: 'fr-CA' } },
    body: {},
  })
  expect([written.response.status, dataOf(written).languageTag]).toEqual([201, 'fr-CA'])
  expect(dataOf(await logto.GET('/api/custom-phrases')).map(({ languageTag }) => languageTag)).toEqual([
    'fr-CA',
  ])
  const read = await logto.GET('/api/custom-phrases/{languageTag}', {
    params: { path: { languageTag: 'fr-CA' } },
  })
  expect(dataOf(read).translation).toEqual({})
  const deleted = await logto.DELETE('/api/custom-phrases/{languageTag}', {
    params: { path: { languageTag: 'fr-CA' } },
  })
  expect(deleted.response.status).toBe(204)
})

test('e-mail templates are written, listed, read, changed and deleted', async () => {
  const logto = client(await launch())
  const details = { subject: 'Your code', content: '{{code}}', contentType: 'text/plain' }
  const templates = dataOf(
    await logto.PUT('/api/email-templates', {
      body: {
        templates: [
          { languageTag: 'en', templateType: 'SignIn', details },
          { languageTag: 'en', templateType: 'Register', details },
        ],
      },
    }),
  )
  const params = { path: { id: first(templates).id } }
  const listed = await logto.GET('/api/email-templates', {
    params: { query: { languageTag: 'en', templateType: 'SignIn' } },
  })
  expect(dataOf(listed).map(({ id }) => id)).toEqual([params.path.id])
  expect(dataOf(await logto.GET('/api/email-templates/{id}', { params })).details).toEqual(details)
  const changed = await logto.PATCH('/api/email-templates/{id}/details', {
    params,
    body: { subject: 'The code' },
  })
  expect(dataOf(changed).details).toEqual({ ...details, subject: 'The code' })
  expect((await logto.DELETE('/api/email-templates/{id}', { params })).response.status).toBe(204)
  const rest = await logto.DELETE('/api/email-templates', { params: { query: { languageTag: 'en' } } })
  expect(dataOf(rest)).toEqual({ rowCount: 1 })
})

test('the account center is read and changed', async () => {
  const logto = client(await launch())
  expect(dataOf(await logto.GET('/api/account-center')).enabled).toBe(false)
  // The types take no text for `deleteAccountUrl`, so it is left out here.
  const changed = await logto.PATCH('/api/account-center', {
    body: { enabled: true, fields: { name: 'Edit', session: 'ReadOnly' } },
  })
  expect(dataOf(changed)).toMatchObject({ enabled: true, fields: { name: 'Edit', session: 'ReadOnly' } })
  const read = dataOf(await logto.GET('/api/.well-known/account-center'))
  expect(read.fields.name).toBe('Edit')
})

test('no route about signing in was left out', () => {
  expect(neverDone('experience', done)).toEqual([])
})
