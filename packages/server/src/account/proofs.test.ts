import { sampleSettings } from '@countersign/simulators'
import { expect, test } from 'vitest'
import { createLater } from '../challenges/later.ts'
import { createCodes } from '../codes/codes.ts'
import { createConnections } from '../connections/connections.ts'
import type { Database } from '../db/database.ts'
import { eachDatabase } from '../db/testing.ts'
import type { Along, OutgoingMessage } from '../delivery/delivery.ts'
import { createExperience } from '../experience/experience.ts'
import { createHealth } from '../health/health.ts'
import { createLimits } from '../limits/limits.ts'
import { ApiError } from '../refusals/refusal.ts'
import { dump, errorOf, testKeys, testWorld } from '../testing/world.ts'
import { createUsers } from '../users/users.ts'
import { createProofs } from './proofs.ts'

const EMAIL = { type: 'email', value: 'ada@example.com' } as const
const FROM = { ip: '198.51.100.4' }

async function setUp(db: Database) {
  const world = testWorld()
  const users = createUsers(db, world)
  const sent: OutgoingMessage[] = []
  const events: object[] = []
  let failure: ApiError | undefined
  const delivery = {
    async deliver(_: unknown, message: OutgoingMessage, { before }: Along = {}) {
      await before
      if (failure) throw failure
      sent.push(message)
      return 'accepted' as const
    },
  }
  const connections = createConnections(db, testKeys, world)
  for (const id of ['aliyun-sms', 'aliyun-dm'] as const)
    await connections.save({ connector: connections.registry.byId(id)!, config: sampleSettings[id] })
  const proofs = createProofs({
    db,
    keys: testKeys,
    world,
    challenges: {
      codes: createCodes(db, testKeys, world),
      delivery,
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
      ledger: { lately: async () => [], notSent() {}, used: async () => 0 },
      later: createLater(world),
      applicationId: () => undefined,
      isExempt: () => false,
      chanceOf: () => 0,
    },
    users,
    tell: async event => void events.push(event),
    async tellBlock(identifier) {
      return { write: async () => void events.push({ type: 'block-begun', identifier }) }
    },
  })
  const user = await users.create({ username: 'ada', password: 'right' })
  const send = (identifier: { type: 'email' | 'phone'; value: string } = EMAIL) =>
    proofs.sendCode(user, { identifier, context: { locale: 'en' } }, FROM)
  const enter = (id: string, code: string, userId = user.id) =>
    proofs.verifyCode(userId, { identifier: EMAIL, id, code }, FROM)
  return {
    world,
    users,
    user,
    proofs,
    sent,
    events,
    send,
    enter,
    code: () => String(sent.at(-1)!.payload.code),
    failWith(error: ApiError | undefined) {
      failure = error
    },
    rows: () => db.selectFrom('account_verifications').selectAll().execute(),
  }
}

eachDatabase('a proof', openFresh => {
  test('is stored without the address in clear, and holds for its user and address alone', async () => {
    const { proofs, send, enter, code, rows, user } = await setUp(await openFresh())
    const { verificationRecordId: id } = await send()
    expect(dump(await rows())).not.toContain(EMAIL.value)
    const absent = 'verification_record.not_found'
    expect((await errorOf(proofs.requireHolder(user.id, EMAIL, id))).code).toBe(absent)
    await enter(id, code())
    await proofs.requireHolder(user.id, EMAIL, id)
    for (const identifier of [
      { type: 'email', value: 'ADA@example.com' },
      { type: 'phone', value: EMAIL.value },
    ] as const)
      expect((await errorOf(proofs.requireHolder(user.id, identifier, id))).code).toBe(absent)
    expect((await errorOf(proofs.requireHolder('another', EMAIL, id))).code).toBe(absent)
    expect(await proofs.provesOwner(user.id, id)).toBe(false)
  })

  test('goes out with what templates may say; only an e-mail speaks of the user', async () => {
    const { send, sent, user } = await setUp(await openFresh())
    await send()
    await send({ type: 'phone', value: '8613800138000' })
    const common = { code: expect.stringMatching(/^\d{6}$/), minutes: 10, locale: 'en' }
    const asker = { by: 'account', userId: user.id }
    const rest = {
      id: expect.any(String),
      asker,
      ip: FROM.ip,
      visitorIp: FROM.ip,
      unsent: false,
      secondCode: expect.any(Function),
    }
    expect(sent).toEqual([
      {
        ...rest,
        recipient: expect.objectContaining({ channel: 'email', value: EMAIL.value }),
        usageType: 'BindNewIdentifier',
        payload: {
          ...common,
          user: {
            id: user.id,
            avatar: null,
            name: null,
            primaryEmail: null,
            primaryPhone: null,
            username: 'ada',
            profile: {},
          },
        },
      },
      {
        ...rest,
        recipient: expect.objectContaining({ channel: 'sms', value: '8613800138000' }),
        usageType: 'BindNewIdentifier',
        payload: common,
      },
    ])
  })

  test('by password opens what asks for the owner, for its user and ten minutes', async () => {
    const { proofs, user, world, rows } = await setUp(await openFresh())
    const { verificationRecordId: id } = await proofs.provePassword(user, 'right', FROM)
    expect(await proofs.provesOwner(user.id, id)).toBe(true)
    expect(await proofs.provesOwner('another', id)).toBe(false)
    world.wait(600_000)
    expect(await proofs.provesOwner(user.id, id)).toBe(false)
    await proofs.purge()
    expect(await rows()).toEqual([])
  })

  test('of parallel entries of the right code comes from exactly one', async () => {
    const { send, enter, code } = await setUp(await openFresh())
    const { verificationRecordId: id } = await send()
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => enter(id, code())))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  test('of one record is not one of another, though the address is the same', async () => {
    const { send, enter, code } = await setUp(await openFresh())
    const first = await send()
    const firstCode = code()
    const second = await send()
    if (code() !== firstCode)
      expect((await errorOf(enter(second.verificationRecordId, firstCode))).code).toBe(
        'verification_code.code_mismatch',
      )
    await enter(first.verificationRecordId, firstCode)
  })

  test('that was not sent leaves nothing behind', async () => {
    const { send, failWith, rows } = await setUp(await openFresh())
    failWith(new ApiError('connector.general'))
    for (let count = 0; count < 12; count += 1) expect((await errorOf(send())).code).toBe('connector.general')
    expect(await rows()).toEqual([])
    failWith(undefined)
    await send()
  })

  test('still on its way is forgotten with the identifiers of its kind; one that was given stays', async () => {
    const { proofs, send, enter, code, rows, user } = await setUp(await openFresh())
    const given = await send()
    await enter(given.verificationRecordId, code())
    await send()
    const number = await send({ type: 'phone', value: '8613800138000' })
    await proofs.forgetPending(user.id, 'email')
    expect((await rows()).map(({ id }) => id).sort()).toEqual(
      [given.verificationRecordId, number.verificationRecordId].sort(),
    )
  })

  test('tells who wants to know of refused sends and of blocks', async () => {
    const { proofs, send, user, events } = await setUp(await openFresh())
    for (let count = 0; count < 10; count += 1) await send()
    expect((await errorOf(send())).code).toBe('request.message_rate_limited')
    expect(events).toEqual([{ type: 'send-refused', recipient: EMAIL.value }])
    for (let count = 0; count < 101; count += 1) await errorOf(proofs.provePassword(user, 'wrong', FROM))
    const identifier = { type: 'userId', value: user.id }
    expect(events.slice(1)).toEqual([
      { type: 'block-begun', identifier },
      { type: 'identifier-blocked', identifier, by: 'client' },
    ])
  }, 60_000)
})

eachDatabase('a user who takes identifiers away', openFresh => {
  test('keeps one, also when all are taken away at once', async () => {
    const db = await openFresh()
    const users = createUsers(db, testWorld())
    const { id } = await users.create({ primaryEmail: EMAIL.value, primaryPhone: '8613800138000' })
    const outcomes = await Promise.allSettled(
      (['primaryEmail', 'primaryPhone', 'username'] as const).map(field =>
        users.updateKeepingIdentifier(id, { [field]: null }),
      ),
    )
    const refused = outcomes.flatMap(each => (each.status === 'rejected' ? [each.reason.code] : []))
    expect(refused).toContain('user.last_sign_in_method_required')
    const { primaryEmail, primaryPhone } = await users.get(id)
    expect([primaryEmail, primaryPhone].filter(each => each !== null)).toHaveLength(1)
    expect((await errorOf(users.updateKeepingIdentifier('nobody', { username: null }))).code).toBe(
      'entity.not_found',
    )
  })

  test('may trade the last one for another', async () => {
    const users = createUsers(await openFresh(), testWorld())
    const { id } = await users.create({ username: 'ada' })
    const change = { username: null, primaryEmail: EMAIL.value }
    expect(await users.updateKeepingIdentifier(id, change)).toMatchObject(change)
  })
})
