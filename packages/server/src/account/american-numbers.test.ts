import { sampleSettings } from '@countersign/simulators'
import { expect, test } from 'vitest'
import { eachServerDatabase, writeDirectly } from '../db/testing.ts'
import { newUser, OPEN, ready, signIn } from './testing.ts'

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

eachServerDatabase('a number that cannot exist', fresh => {
  test('is refused before anything is asked or written, unless it is the own one', async () => {
    const env = await fresh()
    const server = await ready(OPEN, {}, env)
    await newUser(server)
    await writeDirectly(env, db => db.updateTable('users').set({ primary_phone: '861380013801' }).execute())
    const user = await signIn(server)
    const ask = async (value: string) => {
      const { status, body } = await user.call('POST', '/api/verifications/verification-code', {
        identifier: { type: 'phone', value },
      })
      return [status, body.code, body.data]
    }
    const invalid = [422, 'user.invalid_phone']
    for (const wrong of ['861380013800', '861012345678', '12'])
      expect(await ask(wrong)).toEqual([...invalid, { name: 'ParseError' }])
    expect(server.clouds.control.requests()).toEqual([])
    const { messages } = await server.app.ledger.list({}, { size: 10, offset: 0 })
    expect(messages.map(({ state, reason, attempts }) => [state, reason, attempts])).toEqual(
      Array(3).fill(['refused', 'impossible_number', []]),
    )
    // Of this one the cloud is asked, as it always was.
    expect((await ask('861380013801'))[1]).toBe('connector.general')
    // Without its 86 it is the mainland number.
    expect((await ask('13800138000'))[0]).toBe(201)
    expect(server.clouds.inbox.messages()[0]?.to).toBe('+8613800138000')
  })
})
