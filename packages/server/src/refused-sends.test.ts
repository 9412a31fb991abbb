import { sampleSettings } from '@countersign/simulators'
import { expect, test } from 'vitest'
import { newUser, signIn, ready as withAccounts } from './account/testing.ts'
import { eachServerDatabase } from './db/testing.ts'
import { launch } from './testing/launch.ts'

const NUMBER = '8613800138077'
const ABROAD = '4915112345678'
const identifier = { type: 'phone', value: NUMBER }

const failureIn = (body: unknown) => (body as { data: { failure?: string } }).data.failure

eachServerDatabase('a number whose messages the cloud refuses', fresh => {
  test('is asked for twenty times in ten minutes at most, whoever asks and by whatever door', async () => {
    const server = await withAccounts(undefined, {}, await fresh())
    await newUser(server)
    const user = await signIn(server)
    const visitor = await server.visit()
    await visitor.experience('PUT', '', { interactionEvent: 'Register' })
    const doors = [
      () =>
        visitor.experience('POST', '/verification/verification-code', {
          identifier,
          interactionEvent: 'Register',
        }),
      () => user.call('POST', '/api/verifications/verification-code', { identifier }),
      () => server.manage('POST', '/api/verification-codes', { phone: NUMBER }),
    ]
    const everyDoor = async (times: number) => {
      const told: Record<number, number> = {}
      for (let time = 0; time < times; time += 1)
        for (const ask of doors) {
          const { status } = await ask()
          told[status] = (told[status] ?? 0) + 1
        }
      return told
    }
    server.clouds.control.setFault({ code: 'isv.BLACK_KEY_CONTROL_LIMIT' })
    expect(await everyDoor(30)).toEqual({ 400: 20, 429: 70 })
    expect(server.clouds.control.requests()).toHaveLength(20)
    server.clouds.control.setFault(null)
    server.wait(10 * 60_000)
    expect(await everyDoor(4)).toEqual({ 200: 4, 201: 3, 204: 3, 429: 2 })
  }, 60_000)
})

test('a message that never reached a cloud is no try', async () => {
  const server = await launch()
  const ask = async () => {
    const answer = await server.manage('POST', '/api/verification-codes', { phone: ABROAD })
    return [answer.status, answer.status === 204 ? undefined : failureIn(await answer.json())]
  }
  for (let time = 0; time < 25; time += 1) expect((await ask())[0]).toBe(501)
  const rows = sampleSettings['aliyun-sms'].templates as { usageType: string }[]
  await server.connect('aliyun-sms', {
    templates: rows.map(({ usageType }) => ({ usageType, templateCode: { china: 'SMS_100000004' } })),
  })
  for (let time = 0; time < 25; time += 1) expect(await ask()).toEqual([400, 'region_unsupported'])
  expect(server.clouds.control.requests()).toEqual([])
  const [{ id }] = (await (await server.manage('GET', '/api/connectors')).json()) as [{ id: string }]
  const templateCode = { china: 'SMS_100000004', overseas: 'SMS_100000024' }
  await server.manage('PATCH', `/api/connectors/${id}`, {
    config: {
      ...sampleSettings['aliyun-sms'],
      templates: rows.map(({ usageType }) => ({ usageType, templateCode })),
    },
  })
  expect(await ask()).toEqual([204, undefined])
})
