import { sampleSettings } from '@countersign/simulators'
import { expect, test } from 'vitest'
import { launch } from '../testing/launch.ts'
import { noticeOf } from '../testing/visitor.ts'

/** A number in Miami whose digits, country code first, also look like a mainland Chinese mobile number. */
const MIAMI = '13055552671'
/** One in San Francisco: eleven digits that no mainland number has, though Aliyun would take them for one. */
const SAN_FRANCISCO = '14155552671'

const { templates } = sampleSettings['aliyun-sms'] as { templates: { usageType: string }[] }
const withCode = (templateCode: unknown) => ({
  templates: templates.map(({ usageType }) => ({ usageType, templateCode })),
})
const EVERYWHERE = withCode({ china: 'SMS_100000004', overseas: 'SMS_100000024' })
const FACTORY = '/api/connectors/aliyun-short-message-service'

async function ready(change: object) {
  const server = await launch()
  await server.connect('aliyun-sms', change)
  await server.manage('PATCH', '/api/sign-in-exp', {
    signUp: { identifiers: ['phone'], password: false, verify: true },
    signIn: {
      methods: [{ identifier: 'phone', password: false, verificationCode: true, isPasswordPrimary: false }],
    },
  })
  return server
}

test('an American who chose the country on the page is never taken for somebody in mainland China', async () => {
  const server = await ready({ strictPhoneRegionNumberCheck: false, ...EVERYWHERE })
  const visitor = await server.visit()
  await visitor.submit(await visitor.open('/sign-in'), { country: 'US', value: '305 555 2671' })
  expect(server.clouds.inbox.messages().map(message => message.to)).toEqual([`+${MIAMI}`])

  // Nor where a back end gives the number as it is stored: the same digits are the same number everywhere.
  await server.manage('POST', '/api/verification-codes', { phone: MIAMI })
  expect(server.clouds.inbox.messages()[0]?.to).toBe(`+${MIAMI}`)
})

test.each([false, true])(
  'a code for an American never leaves over templates that stand alone, whoever asks for it (strict: %s)',
  async strictPhoneRegionNumberCheck => {
    const server = await ready({ strictPhoneRegionNumberCheck })
    for (const phone of [SAN_FRANCISCO, MIAMI]) {
      const page = await server.visit()
      const seen = await page.submit(await page.open('/sign-in'), { country: 'US', value: phone.slice(1) })
      expect(noticeOf(seen)).toContain('We send codes to mobile numbers of mainland China (+86) only.')
      const client = await server.visit()
      await client.experience('PUT', '', { interactionEvent: 'SignIn' })
      const asked = await client.experience('POST', '/verification/verification-code', {
        identifier: { type: 'phone', value: phone },
        interactionEvent: 'SignIn',
      })
      expect([asked.status, asked.json.data.failure]).toEqual([400, 'region_unsupported'])
    }
    const refused = [
      await server.manage('POST', '/api/verification-codes', { phone: SAN_FRANCISCO }),
      await server.manage('POST', `${FACTORY}/test`, {
        phone: SAN_FRANCISCO,
        config: { ...sampleSettings['aliyun-sms'], strictPhoneRegionNumberCheck },
      }),
    ]
    for (const answer of refused) {
      expect(answer.status).toBe(400)
      expect(await answer.json()).toMatchObject({
        data: { failure: 'region_unsupported' },
      })
    }
    // A back end may have meant a mainland number and left out its 86.
    const ambiguous = await server.manage('POST', '/api/verification-codes', { phone: MIAMI })
    expect(await ambiguous.json()).toMatchObject({
      data: { failure: 'region_unsupported', didYouMean: `86${MIAMI}` },
    })
    expect(server.clouds.inbox.messages()).toEqual([])
  },
)

test('eleven bare digits of a back end stay a mainland number where the templates stand alone', async () => {
  const server = await ready({})
  for (const phone of ['13800138000', '8613800138001', '008613800138002'])
    expect((await server.manage('POST', '/api/verification-codes', { phone })).status).toBe(204)
  const to = server.clouds.inbox.messages().map(message => message.to)
  expect(to).toEqual(['+8613800138002', '+8613800138001', '+8613800138000'])
})
