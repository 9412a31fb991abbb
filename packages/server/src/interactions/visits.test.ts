import { describe, expect, test } from 'vitest'
import { duringRequest } from '../db/patience.ts'
import { eachDatabase } from '../db/testing.ts'
import { PHONE, ready } from '../testing/visitor.ts'
import { dump, errorOf, testKeys, testWorld } from '../testing/world.ts'
import type { Event } from './flow.ts'
import type { PageMemory } from './page-memory.ts'
import { currentState } from './visit.ts'
import { createVisits, type Visits } from './visits.ts'

const MINUTE = 60_000
const codeRecord = {
  id: 'record',
  type: 'PhoneVerificationCode',
  identifier: { type: 'phone', value: PHONE },
  verified: false,
  templateType: 'Register',
} as const

const apply = (visits: Visits, uid: string, event: Event) =>
  visits.transition(uid, visit => visit.apply(event))

const remember = (visits: Visits, uid: string, page: Partial<PageMemory>) =>
  visits.transition(uid, visit => visit.remember(page))

const stateOf = async (visits: Visits, uid: string) => currentState(await visits.read(uid))

eachDatabase('visits', openFresh => {
  test('lose no change when several nodes make many at once', async () => {
    const db = await openFresh()
    const world = testWorld()
    const nodes = [createVisits(db, testKeys, world), createVisits(db, testKeys, world)]
    const changes = Array.from({ length: 20 }, (_, index) => ({ [`change${index}`]: index }))
    await Promise.all(changes.map((change, index) => remember(nodes[index % 2]!, 'visit', change as object)))
    expect((await nodes[0]!.read('visit')).page).toEqual(Object.assign({}, ...changes))
  })

  test('are judged one after the other: of two registrations at once one is refused', async () => {
    const db = await openFresh()
    const world = testWorld()
    const nodes = [createVisits(db, testKeys, world), createVisits(db, testKeys, world)]
    await apply(nodes[0]!, 'visit', { type: 'begin', event: 'Register' })
    const outcomes = await Promise.allSettled(
      nodes.map((node, index) =>
        apply(node, 'visit', { type: 'user-created', userId: `user ${index}`, epoch: 0 }),
      ),
    )
    const refused = outcomes.flatMap(each => (each.status === 'rejected' ? [each.reason.code] : []))
    expect(refused).toEqual(['session.identity_conflict'])
  })

  test('begin again where another node was faster before a message leaves, and are told of once', async () => {
    const db = await openFresh()
    const [here, there] = [createVisits(db, testKeys, testWorld()), createVisits(db, testKeys, testWorld())]
    await apply(here, 'visit', { type: 'begin', event: 'SignIn' })
    const seen: (string | undefined)[] = []
    const told: unknown[] = []
    await here.transition('visit', async visit => {
      seen.push(visit.page.country)
      visit.afterwards(unwritten => void told.push(unwritten))
      if (seen.length === 1) await remember(there, 'visit', { country: 'CN' })
      visit.remember({ sentAt: 1 })
      await visit.claim()
      // From here on a message is out: whatever others write, nothing begins again.
      await remember(there, 'visit', { agreed: true })
      visit.remember({ isUnsure: true })
    })
    expect(seen).toEqual([undefined, 'CN'])
    expect(told).toEqual([undefined])
    const { page } = await here.read('visit')
    expect(page).toEqual({ country: 'CN', sentAt: 1, agreed: true, isUnsure: true })
  })

  test('are taken once from the statement that brought them along, and not when an earlier request is at work', async () => {
    const db = await openFresh()
    const visits = createVisits(db, testKeys, testWorld())
    await apply(visits, 'visit', { type: 'begin', event: 'SignIn' })
    const bringAlong = async () => {
      const { row, found } = visits.joined('visit')
      found((await db.selectFrom(row).selectAll().executeTakeFirst())!)
    }
    const elsewhere = (change: object) => remember(createVisits(db, testKeys, testWorld()), 'visit', change)
    await duringRequest(async () => {
      await bringAlong()
      await elsewhere({ country: 'CN' })
      expect((await visits.read('visit')).page).toEqual({})
      expect((await visits.read('visit')).page).toEqual({ country: 'CN' })
      await bringAlong()
      await elsewhere({ sentAt: 1 })
      await remember(visits, 'visit', { agreed: true })
      expect((await visits.read('visit')).page).toEqual({ country: 'CN', sentAt: 1, agreed: true })
    })
    const seen: unknown[] = []
    await duringRequest(async () => {
      await bringAlong()
      const earlier = remember(visits, 'visit', { country: 'US' })
      await visits.transition('visit', visit => void seen.push(visit.page.country))
      await earlier
    })
    expect(seen).toEqual(['US'])
  })

  test('that were refused leave everything as it was', async () => {
    const visits = createVisits(await openFresh(), testKeys, testWorld())
    expect((await errorOf(apply(visits, 'visit', { type: 'record-verified', id: 'x', epoch: 0 }))).code).toBe(
      'session.interaction_not_found',
    )
    expect(await visits.read('visit')).toEqual({ page: {} })
    expect((await errorOf(stateOf(visits, 'visit'))).code).toBe('session.interaction_not_found')
  })

  test('are forgotten after an hour, and can begin again before they are purged', async () => {
    const world = testWorld()
    const visits = createVisits(await openFresh(), testKeys, world)
    await apply(visits, 'visit', { type: 'begin', event: 'SignIn' })
    await remember(visits, 'visit', { country: 'CN' })
    world.wait(60 * 60_000)
    expect(await visits.read('visit')).toEqual({ page: {} })
    await apply(visits, 'visit', { type: 'begin', event: 'Register' })
    expect(await visits.read('visit')).toEqual({
      state: { event: 'Register', profile: {}, records: [] },
      page: {},
    })
    await visits.purge()
    expect((await stateOf(visits, 'visit')).event).toBe('Register')
  })

  test('of strangers that are large end nine minutes after their last change, others and those of users do not', async () => {
    const world = testWorld()
    const db = await openFresh()
    const visits = createVisits(db, testKeys, world)
    const profile = { customData: { large: 'x'.repeat(10_000) } }
    const large = { type: 'stage', profile, userId: undefined } as const
    for (const uid of ['small', 'large', 'busy', 'known'])
      await apply(visits, uid, { type: 'begin', event: 'Register' })
    for (const uid of ['large', 'busy', 'known']) await apply(visits, uid, large)
    await apply(visits, 'known', { type: 'add-record', record: codeRecord })
    await apply(visits, 'known', { type: 'record-verified', id: codeRecord.id, epoch: 0 })
    world.wait(8 * MINUTE)
    await remember(visits, 'busy', { country: 'CN' })
    world.wait(MINUTE)
    await visits.purge()
    const left = async () =>
      (await db.selectFrom('interactions').select('uid').orderBy('uid').execute()).map(({ uid }) => uid)
    expect(await left()).toEqual(['busy', 'known', 'small'])
    // However busy one is, it ends with its authorization request.
    for (let minute = 9; minute < 60; minute += 3) {
      await remember(visits, 'busy', { country: minute % 2 ? 'CN' : 'US' })
      world.wait(3 * MINUTE)
    }
    await visits.purge()
    expect(await left()).toEqual([])
  })

  test('never take more than 64 KiB in the table, and one that would is refused', async () => {
    const db = await openFresh()
    const visits = createVisits(db, testKeys, testWorld())
    await apply(visits, 'visit', { type: 'begin', event: 'Register' })
    const refused = await errorOf(remember(visits, 'visit', { country: 'x'.repeat(50_000) }))
    expect(refused).toMatchObject({
      code: 'request.invalid_input',
      kind: 'too-large',
      data: { limit: 65_536 },
    })
    await remember(visits, 'visit', { country: 'x'.repeat(48_000) })
    const { state } = await db.selectFrom('interactions').selectAll().executeTakeFirstOrThrow()
    expect(state.length).toBeLessThanOrEqual(65_536)
  })

  test('cannot be read in the table', async () => {
    const db = await openFresh()
    const visits = createVisits(db, testKeys, testWorld())
    await remember(visits, 'visit', { identifier: { type: 'phone', value: PHONE } })
    expect(dump(await db.selectFrom('interactions').selectAll().execute())).not.toContain(PHONE)
  })
})

describe('many requests at once in one interaction', () => {
  test('are all answered, and the last record is the one whose code counts', async () => {
    const server = await ready()
    const visitor = await server.visit()
    await visitor.experience('PUT', '', { interactionEvent: 'SignIn' })
    const identifier = { type: 'phone', value: PHONE }
    const answers = await Promise.all(
      Array.from({ length: 25 }, () =>
        visitor.experience('POST', '/verification/verification-code', {
          identifier,
          interactionEvent: 'SignIn',
        }),
      ),
    )
    const statuses = answers.map(answer => answer.status)
    expect(statuses.filter(status => status === 200)).toHaveLength(10)
    expect(statuses.filter(status => status === 429)).toHaveLength(15)
    const { json } = await visitor.experience('GET', '/interaction')
    expect(json.verificationRecords).toHaveLength(1)
    expect(answers.map(answer => answer.json.verificationId)).toContain(json.verificationRecords[0].id)
  })
})
