import { expect, test } from 'vitest'
import { launch } from '../testing/launch.ts'

test('who chooses the password on the first page signs in without a message being sent or paid for', async () => {
  const server = await launch()
  await server.connect('aliyun-sms')
  await server.manage('PATCH', '/api/sign-in-exp', {
    signUp: { identifiers: ['phone'], password: false, verify: true },
    signIn: {
      methods: [{ identifier: 'phone', password: true, verificationCode: true, isPasswordPrimary: false }],
    },
  })
  await server.manage('POST', '/api/users', { primaryPhone: '8613800138000', password: 'right password' })
  const visitor = await server.visit()
  const first = await visitor.open('/sign-in')
  expect(first.text).toContain('name="use" value="password"')
  const asked = await visitor.submit(first, { country: 'CN', value: '13800138000', use: 'password' })
  expect(asked.url).toContain('/sign-in/password')
  await visitor.submit(asked, { password: 'right password' })
  expect(visitor.leftTo?.searchParams.get('code')).toBeTruthy()
  expect(server.clouds.inbox.messages()).toHaveLength(0)
})
