import { expect, test } from 'vitest'
import { createSession } from './session.ts'

test('requests that find the session over wait until it goes on, and say so at once', async () => {
  const session = createSession()
  let told = 0
  session.onEnd(() => {
    told += 1
  })
  const both = Promise.all([session.untilItGoesOn(), session.untilItGoesOn()])
  expect(told).toBe(2)
  session.goOn()
  await both
})

test('requests fail when nobody can say how the session stands, and later ones wait anew', async () => {
  const session = createSession()
  const first = session.untilItGoesOn()
  session.giveUp(new Error('nobody answers'))
  await expect(first).rejects.toThrow('nobody answers')
  const second = session.untilItGoesOn()
  session.goOn()
  await second
})
