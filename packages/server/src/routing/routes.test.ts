import { sampleSettings } from '@countersign/simulators'
import { expect, test } from 'vitest'
import { eachServerDatabase } from '../db/testing.ts'
import { call, code } from '../testing/calls.ts'
import { ADMIN, type Launched, launch } from '../testing/launch.ts'

const aliyun = { connectorId: 'aliyun-short-message-service', config: sampleSettings['aliyun-sms'] }
const tencent = { connectorId: 'tencent-short-message-service', config: sampleSettings['tencent-sms'] }

const PATH = '/api/connections/route'
const planned = (server: Launched, phone: string) => call(server, 'POST', PATH, { phone })
const verdicts = async (server: Launched, phone: string): Promise<string[]> =>
  (await planned(server, phone)).body.connections.map(
    ({ name, verdict }: { name: string; verdict: string }) => `${name} ${verdict}`,
  )

eachServerDatabase('what would happen to a number', fresh => {
  test('is told for each connection in their order, and nothing is sent', async () => {
    const server = await launch(await fresh())
    const templates = (aliyun.config.templates as object[]).map(row => ({
      ...row,
      templateCode: { china: 'SMS_100000004' },
    }))
    const everywhere = ['CN', 'elsewhere']
    for (const body of [
      // A new connection sends there alone.
      { ...aliyun, name: 'mainland' },
      { ...tencent, name: 'anywhere', destinations: everywhere },
      {
        ...aliyun,
        name: 'no template abroad',
        config: { ...aliyun.config, templates },
        destinations: everywhere,
      },
      { ...tencent, name: 'off', enabled: false },
    ])
      expect((await call(server, 'POST', '/api/connections', body)).status).toBe(201)
    await server.connect('aliyun-dm')
    expect(await planned(server, '+86 138 0013-8000')).toMatchObject({
      status: 200,
      body: { phone: '8613800138000', country: 'CN' },
    })
    expect(await verdicts(server, '13800138000')).toEqual([
      'mainland candidate',
      'anywhere candidate',
      'no template abroad candidate',
      'off off',
    ])
    expect(await verdicts(server, '+49 1511 2345678')).toEqual([
      'mainland destinations',
      'anywhere candidate',
      'no template abroad no_template',
      'off off',
    ])
    const { body } = await planned(server, '13800138000')
    await call(server, 'PATCH', `/api/connections/${body.connections[0].id}`, { destinations: ['CN', 'HK'] })
    expect((await verdicts(server, '+852 5123 4567'))[0]).toBe('mainland no_template')
    const ids = body.connections.map(({ id }: { id: string }) => id)
    expect(body.cases).toEqual([{ percent: 100, connectionIds: ids.slice(0, 3) }])
    await call(server, 'PATCH', `/api/connections/${ids[1]}`, { share: 5 })
    await call(server, 'PATCH', `/api/connections/${ids[2]}`, { applications: [ADMIN.id] })
    const { phone } = body
    expect((await call(server, 'POST', PATH, { phone, applicationId: ADMIN.id })).body).toMatchObject({
      connections: [{}, { share: 5 }, {}, {}],
      cases: [
        { percent: 5, connectionIds: [ids[1], ids[0], ids[2]] },
        { percent: 95, connectionIds: [ids[0], ids[2], ids[1]] },
      ],
    })
    expect((await planned(server, '13800138000')).body).toMatchObject({
      connections: [{}, {}, { verdict: 'applications' }, {}],
      cases: [{ percent: 5 }, { percent: 95, connectionIds: [ids[0], ids[1]] }],
    })
    const unknown = await call(server, 'POST', PATH, { phone, applicationId: 'nobody' })
    expect(unknown).toMatchObject(code(400, 'guard.invalid_input'))
    expect(unknown.body.details).toContain('Error in key path "applicationId"')
    expect(await planned(server, '8612')).toMatchObject(code(422, 'user.invalid_phone'))
    expect(server.clouds.control.requests()).toEqual([])
    expect(server.clouds.inbox.messages()).toEqual([])
  })
})
