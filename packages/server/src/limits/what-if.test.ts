import { SendLimits } from '@countersign/api'
import { expect, test } from 'vitest'
import { type PastMessage, whatIf } from './what-if.ts'

const MINUTE = 60_000
const none = { recipient: null, address: null, prefix: null, country: null, application: null }

/** A text message of some minute, used so many minutes later. */
const message = (minute: number, by: Partial<PastMessage['by']>, usedAfter?: number): PastMessage => ({
  channel: 'sms',
  at: minute * MINUTE,
  usedAt: usedAfter === undefined ? null : (minute + usedAfter) * MINUTE,
  by: { ...none, ...by },
})

function outcome(sms: object, messages: readonly PastMessage[]) {
  const replay = whatIf(SendLimits.parse({ sms, email: {} }))
  // In several parts, as they are read.
  replay.add(messages.slice(0, 2))
  replay.add(messages.slice(2))
  return replay.outcome()
}

test('what limits would have refused is counted for each of them, and apart what was used of that', () => {
  const ann = { recipient: 'ann', country: 'CN' }
  const messages = [
    message(0, ann),
    message(1, ann),
    message(2, ann, 3),
    message(3, { recipient: 'bob', country: 'CN' }),
    // A window begins with its first message, and this one is after it.
    message(60, ann),
  ]
  expect(outcome({ recipient: { hour: 2 }, country: { day: 3 } }, messages)).toEqual({
    messages: 5,
    refused: 2,
    used: 1,
    bounds: [
      { channel: 'sms', scope: 'recipient', window: 'hour', refused: 1, used: 1 },
      // What the first limit refused is not counted here.
      { channel: 'sms', scope: 'country', window: 'day', refused: 1, used: 0 },
    ],
  })
})

test('used messages do not count by address, once they are used, and do by country', () => {
  const office = { address: 'office', country: 'CN' }
  const busy = Array.from({ length: 20 }, (_, n) => message(n, office, 1))
  expect(outcome({ address: { day: 2 } }, busy)).toMatchObject({ messages: 20, refused: 0 })
  expect(outcome({ country: { day: 2 } }, busy)).toMatchObject({ refused: 18, used: 18 })
  const slow = Array.from({ length: 20 }, (_, n) => message(n, office, 30))
  expect(outcome({ address: { day: 2 } }, slow)).toMatchObject({ refused: 18, used: 18 })
})

test('a pause lies between two, and what is not known is counted by nothing', () => {
  const messages = [0, 1, 2, 3].map(minute => message(minute, { recipient: 'ann' }))
  expect(outcome({ recipient: { pause: 90 }, address: { day: 1 } }, messages)).toMatchObject({ refused: 2 })
  expect(outcome({}, messages)).toEqual({ messages: 4, refused: 0, used: 0, bounds: [] })
  expect(outcome({ all: { day: 1 } }, messages)).toMatchObject({ refused: 3 })
})
