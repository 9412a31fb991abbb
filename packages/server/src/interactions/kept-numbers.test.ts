import { expect, test } from 'vitest'
import { eachServerDatabase, writeDirectly } from '../db/testing.ts'
import { ready } from '../testing/visitor.ts'

/** A digit is missing. */
const WRONG = '861380013800'

eachServerDatabase('a number that cannot exist, which a user has from before', fresh => {
  test('is still asked for of the cloud, and does not stand in the way of other changes', async () => {
    const env = await fresh()
    const server = await ready({}, env)
    const { id } = await server.app.users.create({ username: 'ada' })
    await writeDirectly(env, db => db.updateTable('users').set({ primary_phone: WRONG }).execute())
    const visitor = await server.visit()
    await visitor.experience('PUT', '', { interactionEvent: 'SignIn' })
    const send = async (value: string) => {
      const identifier = { type: 'phone', value }
      const body = { identifier, interactionEvent: 'SignIn' }
      return (await visitor.experience('POST', '/verification/verification-code', body)).json.code
    }
    expect([await send(WRONG), await send('861380013801')]).toEqual([
      'connector.general',
      'user.invalid_phone',
    ])
    const change = { primaryPhone: WRONG, name: 'Ada' }
    const changed = await server.manage('PATCH', `/api/users/${id}`, change)
    expect(await changed.json()).toMatchObject(change)
  })
})
