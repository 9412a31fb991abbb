import { sampleSettings } from '@countersign/simulators'
import { expect, test } from 'vitest'
import { call } from '../testing/calls.ts'
import { launch } from '../testing/launch.ts'
import { signInOperator } from '../testing/operator.ts'

const connectorId = 'aliyun-short-message-service'
const config = sampleSettings['aliyun-sms']
/** Templates for numbers abroad alone. */
const templates = (config.templates as object[]).map(row => ({
  ...row,
  templateCode: { overseas: 'SMS_200000001' },
}))

test('a new connection sends to mainland China alone, unless somebody says so, it reaches only abroad, or a client of Logto makes it', async () => {
  const server = await launch()
  const operator = await signInOperator(server.app)
  const destinations = async () =>
    (
      (await call(server, 'GET', '/api/connections')).body as {
        destinations: string[] | null
        enabled: boolean
      }[]
    )
      .filter(({ enabled }) => enabled)
      .map(each => each.destinations)
  const forget = async () => {
    for (const { id } of (await call(server, 'GET', '/api/connections')).body as { id: string }[])
      await call(server, 'DELETE', `/api/connections/${id}`)
  }
  const everywhere = ['CN', 'elsewhere']
  await call(server, 'POST', '/api/connectors', { connectorId, config })
  expect(await destinations()).toEqual([everywhere])
  await operator('POST', '/api/connectors', { connectorId, config: { ...config, signName: '另一个签名' } })
  expect(await destinations()).toEqual([['CN']])
  // The former one is taken up again, and sends where it sent.
  await operator('POST', '/api/connectors', { connectorId, config })
  expect(await destinations()).toEqual([everywhere])
  await forget()
  for (const [body, expected] of [
    [{ config }, ['CN']],
    [{ config: { ...config, templates } }, everywhere],
    [{ config, destinations: ['CN', 'HK'] }, ['CN', 'HK']],
    [{ connectorId: 'aliyun-direct-mail', config: sampleSettings['aliyun-dm'] }, null],
  ] as const) {
    await call(server, 'POST', '/api/connections', { connectorId, ...body })
    expect(await destinations()).toEqual([expected])
    await forget()
  }
})
