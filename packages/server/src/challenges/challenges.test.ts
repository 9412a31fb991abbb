import { SendLimits } from '@countersign/api'
import { SendError } from '@countersign/kit'
import { sampleSettings } from '@countersign/simulators'
import { expect, test } from 'vitest'
import { createCodes } from '../codes/codes.ts'
import { createConnections } from '../connections/connections.ts'
import type { Database } from '../db/database.ts'
import { eachDatabase } from '../db/testing.ts'
import type { Along, Outcome, OutgoingMessage } from '../delivery/delivery.ts'
import { toApiError } from '../delivery/refusal.ts'
import { createExperience } from '../experience/experience.ts'
import { createHealth } from '../health/health.ts'
import { readRecipient } from '../identifiers/recipient.ts'
import { createLimits } from '../limits/limits.ts'
import { errorOf, testKeys, testWorld } from '../testing/world.ts'
import { type ChallengeRoom, endOf, pauseLeft } from './challenges.ts'
import { check } from './check.ts'
import { createLater } from './later.ts'
import { type SendRequest, send } from './send.ts'

const recipient = readRecipient({ type: 'phone', value: '8613800138000' })
const ANYBODY = { asker: { by: 'api' } } as const
const CHALLENGE = { recipient, usageType: 'Generic', scope: 'api' } as const

/** The room with a cloud that does as the test says. */
async function setUp(db: Database) {
  const world = testWorld()
  const connections = createConnections(db, testKeys, world)
  await connections.save({
    connector: connections.registry.byId('aliyun-sms')!,
    config: sampleSettings['aliyun-sms'],
  })
  const sent: OutgoingMessage[] = []
  const noted: string[] = []
  let failure: Error | undefined
  const later = createLater(world)
  const room: ChallengeRoom = {
    codes: createCodes(db, testKeys, world),
    delivery: {
      async deliver(_, message, { before, after }: Along = {}): Promise<Outcome> {
        await before
        if (failure) throw failure
        sent.push(message)
        await after?.()
        return 'accepted'
      },
    },
    connections,
    health: createHealth({
      db,
      world,
      timeout: 8000,
      connections: connections.list,
      ended: async () => [],
      telling: async () => undefined,
    }),
    experience: createExperience(db, world),
    limits: createLimits(db, testKeys, world),
    judges: [],
    isKnown: async () => false,
    spending: async () => undefined,
    testIdentities: { codeFor: async () => undefined, markOf: async () => undefined },
    ledger: {
      lately: async () => [],
      notSent: (_, { state, reason }) => void noted.push(`${state}: ${reason}`),
      used: async () => 0,
    },
    later,
    applicationId: () => undefined,
    // What providers take is told in limits/turns.test.ts.
    isExempt: () => true,
    chanceOf: () => 0,
  }
  return {
    world,
    room,
    later,
    sent,
    noted,
    code: () => String(sent.at(-1)?.payload.code),
    /** What the cloud answers from now on. */
    refuse(error: Error | undefined) {
      failure = error
    },
  }
}

const REFUSED = toApiError(
  new SendError('rate_limited', { code: 'LIMIT', answer: { status: 200, body: '{}' } }),
  'sms',
)

eachDatabase('a challenge', openFresh => {
  test('that was refused takes back what was stored along, and the older code counts again', async () => {
    const { room, code, refuse } = await setUp(await openFresh())
    await send(room, { ...CHALLENGE, askedBy: ANYBODY, voidsOlder: true })
    refuse(REFUSED)
    const steps: string[] = []
    const alsoStore = async () => {
      steps.push('stored')
      return async () => steps.push('taken back')
    }
    const error = await errorOf(send(room, { ...CHALLENGE, askedBy: ANYBODY, isPaced: false, alsoStore }))
    expect([error.code, steps]).toEqual(['connector.rate_limit_exceeded', ['stored', 'taken back']])
    await check(room, { ...CHALLENGE, code: code() })
  })

  test('of which something could not be stored sends nothing, leaves nothing, and asks to forget nothing', async () => {
    const { room, sent } = await setUp(await openFresh())
    const alsoStore = () => Promise.reject(new Error('the disk is full'))
    await expect(send(room, { ...CHALLENGE, askedBy: ANYBODY, isPaced: true, alsoStore })).rejects.toThrow(
      'the disk is full',
    )
    expect(sent).toEqual([])
    expect(await endOf(room, CHALLENGE)).toBe('verification_code.not_found')
    expect(await pauseLeft(room, recipient)).toBe(0)
  })

  test('is stored with what belongs to it before a place is taken, and what a limit refuses leaves nothing behind', async () => {
    const { room, sent, code } = await setUp(await openFresh())
    const steps: string[] = []
    const storing = (name: string) => async () => {
      // Whoever stores second finds the first's: the code of it is there already, and nothing has left.
      steps.push(`${name} stored, ${await endOf(room, CHALLENGE)}, ${await pauseLeft(room, recipient)}`)
      return async () => steps.push(`${name} taken back`)
    }
    const paced = { ...CHALLENGE, askedBy: ANYBODY, isPaced: true }
    await send(room, { ...paced, alsoStore: storing('first') })
    const error = await errorOf(send(room, { ...paced, scope: 'other', alsoStore: storing('second') }))
    expect(error.code).toBe('request.message_rate_limited')
    expect(steps).toEqual(['first stored, undefined, 0', 'second stored, undefined, 60', 'second taken back'])
    expect(await endOf(room, { ...CHALLENGE, scope: 'other' })).toBe('verification_code.not_found')
    expect(sent).toHaveLength(1)
    await check(room, { ...CHALLENGE, code: code() })
  })

  test('goes out after the answer where the answer must not tell, and only to who has an account', async () => {
    const { room, later, sent, noted, refuse } = await setUp(await openFresh())
    const hidden = (hasAccount: boolean) =>
      send(room, { ...CHALLENGE, askedBy: ANYBODY, afterAnswer: async () => hasAccount })
    expect(await hidden(false)).toBe('accepted')
    expect(await hidden(true)).toBe('accepted')
    expect(sent).toEqual([])
    await later.settled()
    expect(sent).toHaveLength(1)
    expect(noted).toEqual(['suppressed: no_account'])
    refuse(REFUSED)
    expect(await hidden(true)).toBe('accepted')
    await later.settled()
    // This one has an attempt, which tells of it.
    expect(noted).toHaveLength(1)
  })

  test.each([true, false])(
    'that is suppressed counts by what limits count by, and is refused like one that leaves: account %s',
    async hasAccount => {
      const { room, later, sent, noted } = await setUp(await openFresh())
      await room.limits.setSendLimits(SendLimits.parse({ sms: { address: { hour: 3 } }, email: {} }))
      const answers: string[] = []
      for (let n = 0; n < 5; n += 1) {
        const request = {
          ...CHALLENGE,
          recipient: readRecipient({ type: 'phone', value: `861380013800${n}` }),
          askedBy: { asker: { by: 'interaction' }, ip: '8.8.8.8' } as const,
          afterAnswer: async () => hasAccount,
        }
        answers.push(await send(room, request).catch(error => `${error.code} ${error.data.retryAfter}`))
      }
      await later.settled()
      const refused = 'request.message_rate_limited 3600'
      expect(answers).toEqual(['accepted', 'accepted', 'accepted', refused, refused])
      expect(sent).toHaveLength(hasAccount ? 3 : 0)
      const suppressed = Array(hasAccount ? 0 : 3).fill('suppressed: no_account')
      expect(noted.toSorted()).toEqual([...Array(2).fill('refused: limit_address'), ...suppressed])
    },
  )

  test.each([true, false])(
    'that the provider refuses after the answer is followed by the same answers: account %s',
    async hasAccount => {
      const { room, later } = await setUp(await openFresh())
      const refusing: ChallengeRoom = {
        ...room,
        isExempt: () => false,
        delivery: {
          async deliver([first], _, { turns }: Along = {}): Promise<Outcome> {
            await turns?.take(first.id)
            await turns?.free(first.id)
            throw toApiError(new SendError('balance_exhausted'), 'sms')
          },
        },
      }
      const answers: string[] = []
      for (let n = 0; n < 2; n += 1) {
        const hidden = { ...CHALLENGE, askedBy: ANYBODY, afterAnswer: async () => hasAccount }
        answers.push(await send(refusing, hidden).catch(error => error.code))
        await later.settled()
      }
      expect(answers).toEqual(['accepted', 'request.message_rate_limited'])
    },
  )

  test('without a connection is refused for everybody, and takes no place and no pause', async () => {
    const { room, noted } = await setUp(await openFresh())
    const mail = readRecipient({ type: 'email', value: 'ada@example.com' })
    for (let time = 0; time < 12; time += 1) {
      const request = { ...CHALLENGE, recipient: mail, askedBy: ANYBODY, isPaced: true }
      expect((await errorOf(send(room, request))).code).toBe('connector.not_found')
    }
    expect(await pauseLeft(room, mail)).toBe(0)
    expect(noted).toEqual(Array(12).fill('refused: no_connector'))
  })

  test('tells of a limit that was reached before the caller hears of it, and of no pause', async () => {
    const { room, world, noted } = await setUp(await openFresh())
    const told: object[] = []
    const listener = {
      refused: async (reached: object) => void told.push(reached),
      blockBegins: async () => undefined,
    }
    const askedBy = { ...ANYBODY, listener }
    await send(room, { ...CHALLENGE, askedBy, isPaced: true })
    expect(told).toEqual([])
    const refused = await errorOf(send(room, { ...CHALLENGE, askedBy, isPaced: true }))
    expect([refused.code, refused.values]).toEqual(['request.message_rate_limited', { seconds: 60 }])
    expect(told).toEqual([])
    for (let time = 1; time < 10; time += 1) await send(room, { ...CHALLENGE, askedBy })
    world.wait(60_000)
    const full = await errorOf(send(room, { ...CHALLENGE, askedBy, isPaced: true }))
    expect([full.code, full.values]).toEqual(['request.message_rate_limited', { seconds: 540 }])
    expect(told).toEqual([{ type: 'send-refused', recipient: recipient.value }])
    expect(noted).toEqual(['refused: pause', 'refused: limit'])
  })

  test('to which a part of the protection objects leaves nothing behind, and says why; to a check only who could pass one', async () => {
    const { room, sent, noted } = await setUp(await openFresh())
    const heard: unknown[] = []
    const demands: ('captcha' | 'refuse')[] = ['captcha']
    const judged: ChallengeRoom = {
      ...room,
      judges: [
        async ({ humanity, connections, applicationId }) => {
          heard.push([humanity, connections.length, applicationId])
          return demands[0] && { demands: demands[0], reason: 'fraud' }
        },
      ],
    }
    const asking = (humanity?: 'passed' | 'missing', more: Partial<SendRequest> = {}) =>
      send(judged, { ...CHALLENGE, askedBy: { ...ANYBODY, humanity }, isPaced: true, ...more })
    const afterAnswer = async () => false
    expect((await errorOf(asking('missing'))).code).toBe('session.captcha_required')
    expect((await errorOf(asking('missing', { afterAnswer }))).code).toBe('session.captcha_required')
    expect([sent, await pauseLeft(room, recipient)]).toEqual([[], 0])
    expect(await asking('passed')).toBe('accepted')
    expect(await asking(undefined, { isPaced: false })).toBe('accepted')
    expect(sent).toHaveLength(2)
    demands[0] = 'refuse'
    expect((await errorOf(asking('passed'))).code).toBe('request.message_refused')
    expect(noted).toEqual(Array(3).fill('refused: fraud'))
    expect(heard[0]).toEqual(['missing', 1, undefined])
  })

  test('is not checked for another recipient than the code went to, and a code of another length costs no try', async () => {
    const { room, code } = await setUp(await openFresh())
    await send(room, { ...CHALLENGE, askedBy: ANYBODY })
    const entered = (given: string, named: string) =>
      errorOf(check(room, { ...CHALLENGE, code: given, named }))
    expect((await entered(code(), '8613800138001')).code).toBe('verification_code.phone_mismatch')
    for (let time = 0; time < 20; time += 1)
      expect((await entered('1', recipient.value)).values).toEqual({ digits: 6 })
    await check(room, { ...CHALLENGE, code: code() })
  })
})
