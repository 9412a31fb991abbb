import { describe, expect, test } from 'vitest'
import { duringRequest } from '../db/patience.ts'
import { eachDatabase } from '../db/testing.ts'
import { PHONE, ready } from '../testing/visitor.ts'
import { dump, errorOf, testKeys, testWorld } from '../testing/world.ts'
import type { Event } from './flow.ts'
import { createInteractions, type Interactions } from './interactions.ts'
import { currentState } from './open-interaction.ts'
import type { PageState } from './page-state.ts'

const MINUTE = 60_000
const codeRecord = {
  id: 'record',
  type: 'PhoneVerificationCode',
  identifier: { type: 'phone', value: PHONE },
  verified: false,
  templateType: 'Register',
} as const

const apply = (interactions: Interactions, uid: string, event: Event) =>
  interactions.transition(uid, interaction => interaction.apply(event))

const remember = (interactions: Interactions, uid: string, page: Partial<PageState>) =>
  interactions.transition(uid, interaction => interaction.remember(page))

const stateOf = async (interactions: Interactions, uid: string) => currentState(await interactions.read(uid))

eachDatabase('interactions', openFresh => {
  test('lose no change when several nodes make many at once', async () => {
    const db = await openFresh()
    const world = testWorld()
    const nodes = [createInteractions(db, testKeys, world), createInteractions(db, testKeys, world)]
    const changes = Array.from({ length: 20 }, (_, index) => ({ [`change${index}`]: index }))
    await Promise.all(
      changes.map((change, index) => remember(nodes[index % 2]!, 'interaction', change as object)),
    )
    expect((await nodes[0]!.read('interaction')).page).toEqual(Object.assign({}, ...changes))
  })

  test('are judged one after the other: of two registrations at once one is refused', async () => {
    const db = await openFresh()
    const world = testWorld()
    const nodes = [createInteractions(db, testKeys, world), createInteractions(db, testKeys, world)]
    await apply(nodes[0]!, 'interaction', { type: 'begin', event: 'Register' })
    const outcomes = await Promise.allSettled(
      nodes.map((node, index) =>
        apply(node, 'interaction', { type: 'user-created', userId: `user ${index}`, epoch: 0 }),
      ),
    )
    const refused = outcomes.flatMap(each => (each.status === 'rejected' ? [each.reason.code] : []))
    expect(refused).toEqual(['session.identity_conflict'])
  })

  test('begin again where another node was faster before a message leaves, and are told of once', async () => {
    const db = await openFresh()
    const [here, there] = [
      createInteractions(db, testKeys, testWorld()),
      createInteractions(db, testKeys, testWorld()),
    ]
    await apply(here, 'interaction', { type: 'begin', event: 'SignIn' })
    const seen: (string | undefined)[] = []
    const told: unknown[] = []
    await here.transition('interaction', async interaction => {
      seen.push(interaction.page.country)
      interaction.afterwards(unwritten => void told.push(unwritten))
      if (seen.length === 1) await remember(there, 'interaction', { country: 'CN' })
      interaction.remember({ sentAt: 1 })
      await interaction.claim()
      // From here on a message is out: whatever others write, nothing begins again.
      await remember(there, 'interaction', { agreed: true })
      interaction.remember({ isUnsure: true })
    })
    expect(seen).toEqual([undefined, 'CN'])
    expect(told).toEqual([undefined])
    const { page } = await here.read('interaction')
    expect(page).toEqual({ country: 'CN', sentAt: 1, agreed: true, isUnsure: true })
  })

  test('are taken once from the statement that brought them along, and not when an earlier request is at work', async () => {
    const db = await openFresh()
    const interactions = createInteractions(db, testKeys, testWorld())
    await apply(interactions, 'interaction', { type: 'begin', event: 'SignIn' })
    const bringAlong = async () => {
      const row = interactions.joined.row(db, { uid: 'interaction', now: 0 })
      interactions.joined.found('interaction', (await db.selectFrom(row).selectAll().executeTakeFirst())!)
    }
    const elsewhere = (change: object) =>
      remember(createInteractions(db, testKeys, testWorld()), 'interaction', change)
    await duringRequest(async () => {
      await bringAlong()
      await elsewhere({ country: 'CN' })
      expect((await interactions.read('interaction')).page).toEqual({})
      expect((await interactions.read('interaction')).page).toEqual({ country: 'CN' })
      await bringAlong()
      await elsewhere({ sentAt: 1 })
      await remember(interactions, 'interaction', { agreed: true })
      expect((await interactions.read('interaction')).page).toEqual({
        country: 'CN',
        sentAt: 1,
        agreed: true,
      })
    })
    const seen: unknown[] = []
    await duringRequest(async () => {
      await bringAlong()
      const earlier = remember(interactions, 'interaction', { country: 'US' })
      await interactions.transition('interaction', interaction => void seen.push(interaction.page.country))
      await earlier
    })
    expect(seen).toEqual(['US'])
  })

  test('that were refused leave everything as it was', async () => {
    const interactions = createInteractions(await openFresh(), testKeys, testWorld())
    expect(
      (await errorOf(apply(interactions, 'interaction', { type: 'record-verified', id: 'x', epoch: 0 })))
        .code,
    ).toBe('session.interaction_not_found')
    expect(await interactions.read('interaction')).toEqual({ page: {} })
    expect((await errorOf(stateOf(interactions, 'interaction'))).code).toBe('session.interaction_not_found')
  })

  test('are forgotten after an hour, and can begin again before they are purged', async () => {
    const world = testWorld()
    const interactions = createInteractions(await openFresh(), testKeys, world)
    await apply(interactions, 'interaction', { type: 'begin', event: 'SignIn' })
    await remember(interactions, 'interaction', { country: 'CN' })
    world.wait(60 * 60_000)
    expect(await interactions.read('interaction')).toEqual({ page: {} })
    await apply(interactions, 'interaction', { type: 'begin', event: 'Register' })
    expect(await interactions.read('interaction')).toEqual({
      state: { event: 'Register', profile: {}, records: [] },
      page: {},
    })
    await interactions.purge()
    expect((await stateOf(interactions, 'interaction')).event).toBe('Register')
  })

  test('of strangers that are large end nine minutes after their last change, others and those of users do not', async () => {
    const world = testWorld()
    const db = await openFresh()
    const interactions = createInteractions(db, testKeys, world)
    const profile = { customData: { large: 'x'.repeat(10_000) } }
    const large = { type: 'stage', profile, userId: undefined } as const
    for (const uid of ['small', 'large', 'busy', 'known'])
      await apply(interactions, uid, { type: 'begin', event: 'Register' })
    for (const uid of ['large', 'busy', 'known']) await apply(interactions, uid, large)
    await apply(interactions, 'known', { type: 'add-record', record: codeRecord })
    await apply(interactions, 'known', { type: 'record-verified', id: codeRecord.id, epoch: 0 })
    world.wait(8 * MINUTE)
    await remember(interactions, 'busy', { country: 'CN' })
    world.wait(MINUTE)
    await interactions.purge()
    const left = async () =>
      (await db.selectFrom('interactions').select('uid').orderBy('uid').execute()).map(({ uid }) => uid)
    expect(await left()).toEqual(['busy', 'known', 'small'])
    // However busy one is, it ends with its authorization request.
    for (let minute = 9; minute < 60; minute += 3) {
      await remember(interactions, 'busy', { country: minute % 2 ? 'CN' : 'US' })
      world.wait(3 * MINUTE)
    }
    await interactions.purge()
    expect(await left()).toEqual([])
  })

  test('never take more than 64 KiB in the table, and one that would is refused', async () => {
    const db = await openFresh()
    const interactions = createInteractions(db, testKeys, testWorld())
    await apply(interactions, 'interaction', { type: 'begin', event: 'Register' })
    const refused = await errorOf(remember(interactions, 'interaction', { country: 'x'.repeat(50_000) }))
    expect(refused).toMatchObject({
      code: 'request.invalid_input',
      kind: 'too-large',
      data: { limit: 65_536 },
    })
    await remember(interactions, 'interaction', { country: 'x'.repeat(48_000) })
    const { state } = await db.selectFrom('interactions').selectAll().executeTakeFirstOrThrow()
    expect(state.length).toBeLessThanOrEqual(65_536)
  })

  test('cannot be read in the table', async () => {
    const db = await openFresh()
    const interactions = createInteractions(db, testKeys, testWorld())
    await remember(interactions, 'interaction', { identifier: { type: 'phone', value: PHONE } })
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
