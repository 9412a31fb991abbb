import { expect, test } from 'vitest'
import { launch } from '../testing/launch.ts'

test('a wrong code tells how many tries are left', async () => {
  const server = await launch()
  await server.connect('aliyun-sms')
  await server.manage('PATCH', '/api/sign-in-exp', {
    signUp: { identifiers: ['phone'], password: false, verify: true },
    signIn: {
      methods: [{ identifier: 'phone', password: false, verificationCode: true, isPasswordPrimary: false }],
    },
    verificationCodePolicy: { resendInterval: 0, maxRetryAttempts: 3 },
  })
  const visitor = await server.visit()
  const asked = await visitor.submit(await visitor.open('/sign-in'), { country: 'CN', value: '13800138000' })
  const wrong = server.codeFor('+8613800138000') === '123456' ? '654321' : '123456'
  const first = await visitor.submit(asked, { code: wrong })
  expect(first.text).toContain('Tries left: 2')
  const second = await visitor.submit(first, { code: wrong })
  expect(second.text).toContain('Tries left: 1')
})
