import { sampleSettings } from '@countersign/simulators'
import { expect, test } from 'vitest'
import { launch } from '../testing/launch.ts'

/** A number in Miami whose digits, country code first, also look like a mainland Chinese mobile number. */
const MIAMI = '13055552671'

test('an American who chose the country on the page is never taken for somebody in mainland China', async () => {
  const server = await launch()
  const { templates, ...sample } = sampleSettings['aliyun-sms']
  const config = {
    ...sample,
    strictPhoneRegionNumberCheck: false,
    templates: (templates as { usageType: string }[]).map(({ usageType }) => ({
      usageType,
      templateCode: { china: 'SMS_100000004', overseas: 'SMS_100000024' },
    })),
  }
  await server.manage('POST', '/api/connectors', { connectorId: 'aliyun-short-message-service', config })
  await server.manage('PATCH', '/api/sign-in-exp', {
    signUp: { identifiers: ['phone'], password: false, verify: true },
    signIn: {
      methods: [{ identifier: 'phone', password: false, verificationCode: true, isPasswordPrimary: false }],
    },
  })
  const visitor = await server.visit()
  await visitor.submit(await visitor.open('/sign-in'), { country: 'US', value: '305 555 2671' })
  expect(server.clouds.inbox.messages().map(message => message.to)).toEqual([`+${MIAMI}`])

  // A back end that gives bare digits gets what the switch says: eleven that look Chinese count as Chinese.
  await server.manage('POST', '/api/verification-codes', { phone: MIAMI })
  expect(server.clouds.inbox.messages()[0]?.to).toBe(`+86${MIAMI}`)
})
