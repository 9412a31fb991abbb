import { expect, test } from 'vitest'
import { eachDatabase } from '../db/testing.ts'
import { launch } from '../testing/launch.ts'
import { createAccountCenter } from './center.ts'
import { callWith } from './testing.ts'

const CLOSED = {
  tenantId: 'default',
  id: 'default',
  enabled: false,
  fields: {},
  webauthnRelatedOrigins: [],
  deleteAccountUrl: null,
  customCss: null,
  profileFields: null,
}

eachDatabase('the account center', openFresh => {
  test('loses no change when several are made at once', async () => {
    const center = createAccountCenter(await openFresh())
    await Promise.all([
      center.update({ enabled: true }),
      center.update({ fields: { name: 'Edit' } }),
      center.update({ customCss: 'a{}' }),
      center.update({ deleteAccountUrl: 'https://example.com' }),
    ])
    expect(await center.read()).toEqual({
      ...CLOSED,
      enabled: true,
      fields: { name: 'Edit' },
      customCss: 'a{}',
      deleteAccountUrl: 'https://example.com',
    })
  })
})

test('the account center is closed until it is opened, and anyone may read so', async () => {
  const server = await launch()
  const read = async () => (await server.manage('GET', '/api/account-center')).json()
  expect(await read()).toEqual(CLOSED)
  const change = {
    id: 'other',
    tenantId: 'other',
    enabled: true,
    fields: { name: 'Edit', mfa: 'ReadOnly', unknown: 'Edit' },
    webauthnRelatedOrigins: ['https://a.example', 'https://a.example'],
    deleteAccountUrl: 'https://example.com/bye',
    profileFields: [{ name: 'unknown' }],
  }
  const next = {
    ...CLOSED,
    enabled: true,
    fields: { name: 'Edit', mfa: 'ReadOnly' },
    webauthnRelatedOrigins: ['https://a.example'],
    deleteAccountUrl: 'https://example.com/bye',
    profileFields: [],
  }
  const answer = await server.manage('PATCH', '/api/account-center', change)
  expect([answer.status, await answer.json()]).toEqual([200, next])
  const cleared = await server.manage('PATCH', '/api/account-center', {
    fields: { email: 'Off' },
    deleteAccountUrl: '',
  })
  const last = { ...next, fields: { email: 'Off' }, deleteAccountUrl: null }
  expect(await cleared.json()).toEqual(last)
  expect(await callWith(server, undefined, 'GET', '/api/.well-known/account-center')).toMatchObject({
    status: 200,
    body: last,
  })
})

test.each([
  [{}, 422, 'entity.invalid_input'],
  [{ id: 'other', tenantId: 'x', unknown: 1 }, 422, 'entity.invalid_input'],
  [{ enabled: null }, 400, 'guard.invalid_input'],
  [{ fields: { name: 'Hidden' } }, 400, 'guard.invalid_input'],
  [{ deleteAccountUrl: 'javascript:alert(1)' }, 400, 'guard.invalid_input'],
  [{ deleteAccountUrl: `https://example.com/${'x'.repeat(2048)}` }, 400, 'guard.invalid_input'],
])('the account center refuses the change %j', async (change, status, name) => {
  const server = await launch()
  const answer = await server.manage('PATCH', '/api/account-center', change)
  expect([answer.status, await answer.json()]).toEqual([status, expect.objectContaining({ code: name })])
  expect(await (await server.manage('GET', '/api/account-center')).json()).toEqual(CLOSED)
})
