import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sampleSettings } from '@countersign/simulators'
import { describe, expect, onTestFinished, test } from 'vitest'
import { eachServerDatabase, writeDirectly } from '../db/testing.ts'
import { call, code } from '../testing/calls.ts'
import { type Launched, launch } from '../testing/launch.ts'

interface Summary {
  id: string
  connectorId: string
  enabled: boolean
}

const ALIYUN = 'aliyun-short-message-service'
const TENCENT = 'tencent-short-message-service'
const config = sampleSettings['aliyun-sms']

const listed = async (server: Launched): Promise<Summary[]> =>
  (await call(server, 'GET', '/api/connections')).body
const idOf = async (server: Launched, connectorId: string) =>
  (await listed(server)).find(each => each.connectorId === connectorId)!.id

/** A server over which Aliyun SMS was saved, and then Tencent Cloud SMS. */
async function launchWithTwo(env?: Record<string, string>) {
  const server = await launch(env)
  await server.connect('aliyun-sms')
  await server.connect('tencent-sms')
  return { server, aliyun: await idOf(server, ALIYUN), tencent: await idOf(server, TENCENT) }
}

/** The connector whose cloud a message to a number goes to. */
async function wayOf(server: Launched, phone: string) {
  const { status, body } = await call(server, 'POST', '/api/verification-codes', { phone })
  return status === 204 ? server.clouds.inbox.messages()[0]!.cloud : body.code
}

eachServerDatabase('a connector that another one of its type took the place of', fresh => {
  test('is kept switched off, comes back with all its settings, and is deleted when somebody says so', async () => {
    const { server, aliyun, tencent } = await launchWithTwo(await fresh())
    expect(await wayOf(server, '8613800138001')).toBe('tencent-sms')
    const summary = {
      channel: 'sms',
      name: null,
      destinations: ['CN', 'elsewhere'],
      applications: null,
      share: 100,
      feedback: false,
      windows: null,
      createdAt: expect.any(Number),
      health: expect.objectContaining({ state: 'healthy' }),
      updatedAt: expect.any(Number),
    }
    expect(await listed(server)).toEqual([
      { ...summary, id: tencent, connectorId: TENCENT, enabled: true },
      { ...summary, id: aliyun, connectorId: ALIYUN, enabled: false },
    ])
    expect((await call(server, 'GET', `/api/connections/${aliyun}`)).body).toMatchObject({
      config,
      enabled: false,
    })

    const on = await call(server, 'PATCH', `/api/connections/${aliyun}`, { enabled: true })
    expect(on).toMatchObject({ status: 200, body: { id: aliyun, enabled: true, config } })
    expect(await wayOf(server, '8613800138004')).toBe('tencent-sms')
    await call(server, 'PATCH', `/api/connections/${tencent}`, { enabled: false })
    expect(await wayOf(server, '8613800138002')).toBe('aliyun-sms')
    expect((await call(server, 'GET', '/api/connectors')).body).toMatchObject([{ id: aliyun, config }])

    expect((await call(server, 'DELETE', `/api/connections/${tencent}`)).status).toBe(204)
    expect((await listed(server)).map(({ id }) => id)).toEqual([aliyun])
    expect(await wayOf(server, '8613800138003')).toBe('aliyun-sms')
  })

  test('is not switched on when the one in use is deleted: messages then have no connector', async () => {
    const { server, aliyun, tencent } = await launchWithTwo(await fresh())
    expect((await call(server, 'DELETE', `/api/connectors/${tencent}`)).status).toBe(204)
    expect(await listed(server)).toMatchObject([{ id: aliyun, enabled: false }])
    expect((await call(server, 'GET', '/api/connectors')).body).toEqual([])
    expect(await wayOf(server, '8613800138001')).toBe('connector.not_found')
    await call(server, 'PATCH', `/api/connections/${aliyun}`, { enabled: true })
    expect(await wayOf(server, '8613800138001')).toBe('aliyun-sms')
  })
})

describe('a connection that is off', () => {
  test('can be found and deleted also when its key is gone', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-connections-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const { server, aliyun, tencent } = await launchWithTwo({ DATA_DIR: folder })
    await writeDirectly({ DATA_DIR: folder }, db =>
      db.updateTable('connections').set({ config: 'broken' }).where('id', '=', aliyun).execute(),
    )
    expect((await listed(server)).map(({ id }) => id).sort()).toEqual([aliyun, tencent].sort())
    expect((await call(server, 'GET', '/api/connectors')).body).toMatchObject([{ id: tencent }])
    await server.connect('tencent-sms', { signName: 'Other' })
    expect((await call(server, 'DELETE', `/api/connections/${aliyun}`)).status).toBe(204)
  })

  test('is none of those that clients of Logto see, read, change or delete', async () => {
    const { server, aliyun, tencent } = await launchWithTwo()
    expect((await call(server, 'GET', '/api/connectors')).body).toMatchObject([{ id: tencent }])
    for (const [method, body] of [['GET'], ['PATCH', { config }], ['DELETE']] as const)
      expect(await call(server, method, `/api/connectors/${aliyun}`, body)).toMatchObject(
        code(404, 'entity.not_found'),
      )
    expect(await listed(server)).toHaveLength(2)
  })

  test('is changed and stays off, and its list tells no secret', async () => {
    const { server, aliyun, tencent } = await launchWithTwo()
    const signName = '另一个签名'
    const changed = { ...config, signName }
    expect(await call(server, 'PATCH', `/api/connections/${aliyun}`, { config: changed })).toMatchObject({
      status: 200,
      body: { enabled: false, config: { signName } },
    })
    expect((await call(server, 'GET', '/api/connectors')).body).toMatchObject([{ id: tencent }])
    expect(JSON.stringify(await listed(server))).not.toContain(config.accessKeySecret)
  })

  test('is switched on whoever asks only with settings that can be used', async () => {
    const server = await launch()
    await call(server, 'POST', '/api/connectors', { connectorId: ALIYUN })
    await server.connect('tencent-sms')
    const path = `/api/connections/${await idOf(server, ALIYUN)}`
    expect(await call(server, 'PATCH', path, { enabled: true })).toMatchObject(
      code(400, 'connector.invalid_config'),
    )
    expect(await call(server, 'PATCH', path, {})).toMatchObject(code(422, 'entity.invalid_input'))
    expect(await call(server, 'PATCH', path, { enabled: 'yes' })).toMatchObject(
      code(400, 'guard.invalid_input'),
    )
    expect((await call(server, 'GET', '/api/connectors')).body).toMatchObject([{ connectorId: TENCENT }])
    for (const [method, body] of [['GET'], ['PATCH', { enabled: true }], ['DELETE']] as const)
      expect(await call(server, method, '/api/connections/none', body)).toMatchObject(
        code(404, 'entity.not_found'),
      )
  })

  test('is no way to a new password: while passwords expire, the last one in use is neither deleted nor switched off', async () => {
    const { server, aliyun, tencent } = await launchWithTwo()
    const settings = {
      passwordExpiration: { enabled: true, validPeriodDays: 30 },
      forgotPasswordMethods: ['PhoneVerificationCode'],
    }
    expect((await call(server, 'PATCH', '/api/sign-in-exp', settings)).status).toBe(200)
    const refusal = code(422, 'sign_in_experiences.password_expiration_requires_forgot_password')
    expect(await call(server, 'DELETE', `/api/connections/${tencent}`)).toMatchObject(refusal)
    expect(await call(server, 'PATCH', `/api/connections/${tencent}`, { enabled: false })).toMatchObject(
      refusal,
    )
    // With another one beside it, it may go.
    expect((await call(server, 'PATCH', `/api/connections/${aliyun}`, { enabled: true })).status).toBe(200)
    expect((await call(server, 'DELETE', `/api/connections/${tencent}`)).status).toBe(204)
    expect(await call(server, 'DELETE', `/api/connections/${aliyun}`)).toMatchObject(refusal)
  })
})
