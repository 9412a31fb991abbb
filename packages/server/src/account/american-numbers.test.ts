import { sampleSettings } from '@countersign/simulators'
import { expect, test } from 'vitest'
import { newUser, ready, signIn } from './testing.ts'

/** A number in Miami whose digits, country code first, also look like a mainland Chinese mobile number. */
const MIAMI = '13055552671'

test('a user in America who adds a number gets the code, and nobody in mainland China does', async () => {
  const server = await ready()
  const templates = (sampleSettings['aliyun-sms'].templates as { usageType: string }[]).map(
    ({ usageType }) => ({
      usageType,
      templateCode: { china: 'SMS_100000004', overseas: 'SMS_100000024' },
    }),
  )
  await server.connect('aliyun-sms', { strictPhoneRegionNumberCheck: false, templates })
  await newUser(server)
  const user = await signIn(server)
  await user.send({ type: 'phone', value: MIAMI })
  expect(server.clouds.inbox.messages().map(message => message.to)).toEqual([`+${MIAMI}`])
  await user.send({ type: 'phone', value: '8613800138000' })
  expect(server.clouds.inbox.messages()[0]?.to).toBe('+8613800138000')
})

test('without a template for abroad the user is told so, and no code leaves', async () => {
  const server = await ready()
  await newUser(server)
  const user = await signIn(server)
  const { status, body } = await user.call('POST', '/api/verifications/verification-code', {
    identifier: { type: 'phone', value: MIAMI },
  })
  expect([status, body.data.failure]).toEqual([400, 'region_unsupported'])
  expect(server.clouds.inbox.messages()).toEqual([])
})
