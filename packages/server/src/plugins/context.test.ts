import { expect, test } from 'vitest'
import type { Browser } from '../testing/browser.ts'
import { type Launched, launch } from '../testing/launch.ts'
import { connectorsFolder } from './testing.ts'
import { httpGateway } from './testing-receivers.ts'

/** A server that sends over a package to a gateway, which keeps what it is told. */
async function sendingTo(endpoint: string, kind: 'sms' | 'email'): Promise<Launched> {
  const folder = connectorsFolder()
  folder.link('package', `@logto/connector-http-${kind}`)
  const server = await launch({ CONNECTORS_DIR: folder.path })
  const connection = { connectorId: `http-${kind}`, config: { endpoint } }
  expect((await server.manage('POST', '/api/connectors', connection)).status).toBe(200)
  return server
}

test("a visitor's address and language are told to the package", async () => {
  const gateway = await httpGateway(() => ({ status: 200, body: '{}' }))
  const server = await sendingTo(gateway.endpoint, 'sms')
  const browser = await server.visit({ ui_locales: 'de' })
  await browser.experience('PUT', '', { interactionEvent: 'SignIn' })
  await browser.experience('POST', '/verification/verification-code', {
    interactionEvent: 'Register',
    identifier: { type: 'phone', value: '8613800138000' },
  })
  expect(gateway.posted[0]!.body).toMatchObject({ type: 'Register', payload: { locale: 'de' } })
  expect(gateway.posted[0]!.body.ip).toMatch(/127\.0\.0\.1|::1/)
})

test('of a mail that is asked for over the Experience API a package is told the same as of one from the pages', async () => {
  const gateway = await httpGateway(() => ({ status: 200, body: '{}' }))
  const server = await sendingTo(gateway.endpoint, 'email')
  await server.manage('PATCH', '/api/sign-in-exp', {
    signUp: { identifiers: ['email'], password: false, verify: true },
    signIn: {
      methods: [{ identifier: 'email', password: false, verificationCode: true, isPasswordPrimary: false }],
    },
  })
  const emails = ['api@example.com', 'page@example.com']
  const visitors = [
    await server.visit({ ui_locales: 'zh-CN de' }),
    await server.visit({ ui_locales: 'zh-CN de' }),
  ]
  const [caller, reader] = visitors as [Browser, Browser]
  await caller.experience('PUT', '', { interactionEvent: 'Register' })
  await caller.experience('POST', '/verification/verification-code', {
    interactionEvent: 'Register',
    identifier: { type: 'email', value: emails[0] },
  })
  await reader.submit(await reader.open(`/register?app_id=${reader.applicationId}`), { value: emails[1]! })
  expect(gateway.posted.map(({ body }) => body)).toEqual(
    visitors.map(({ applicationId }, index) => ({
      to: emails[index],
      type: 'Register',
      payload: {
        code: expect.stringMatching(/^\d{6}$/),
        locale: 'zh-CN',
        uiLocales: 'zh-CN de',
        application: { id: applicationId, name: 'Test application' },
      },
      ip: expect.stringMatching(/127\.0\.0\.1|::1/),
    })),
  )
})
