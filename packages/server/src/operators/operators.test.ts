import { expect, test } from 'vitest'
import { eachDatabase } from '../db/testing.ts'
import { HOME, PASSWORD, setUpOperators, withAda } from '../testing/operators.ts'
import { dump, errorOf } from '../testing/world.ts'
import { MOST_OPERATORS, MOST_SESSIONS, OPERATOR_SESSION } from './operators.ts'

const HOUR = 60 * 60_000

eachDatabase('operators', openFresh => {
  test('the first one comes from a one-time link and is signed in', async () => {
    const { operators, ada } = await withAda(await openFresh())
    expect(await operators.bySession(ada.session)).toEqual({ id: expect.any(String), name: 'Ada' })
    expect(await operators.any()).toBe(true)
    expect(await operators.firstLink()).toBeUndefined()
  })

  test('a link that several use at once makes exactly one operator', async () => {
    const db = await openFresh()
    const { operators } = setUpOperators(db)
    const link = (await operators.firstLink())!
    const outcomes = await Promise.allSettled(
      Array.from({ length: 6 }, (_, index) => operators.createFirst(link, `Operator ${index}`, PASSWORD)),
    )
    expect(outcomes.filter(each => each.status === 'fulfilled')).toHaveLength(1)
    for (const each of outcomes)
      if (each.status === 'rejected') expect(each.reason.code).toBe('auth.forbidden')
    expect(await db.selectFrom('operators').selectAll().execute()).toHaveLength(1)
  })

  test('a new link ends the earlier one, one that was used is dead, and so is one after three days', async () => {
    const { operators, world } = setUpOperators(await openFresh())
    const old = (await operators.firstLink())!
    const late = (await operators.firstLink())!
    world.wait(72 * HOUR)
    for (const dead of [old, late])
      expect((await errorOf(operators.createFirst(dead, 'Eve', PASSWORD))).code).toBe('auth.forbidden')
    const link = (await operators.firstLink())!
    await operators.createFirst(link, 'Ada', PASSWORD)
    expect((await errorOf(operators.createFirst(link, 'Eve', PASSWORD))).code).toBe('auth.forbidden')
  })

  test('links, sessions and passwords cannot be read in the tables', async () => {
    const db = await openFresh()
    const { operators } = setUpOperators(db)
    const first = (await operators.firstLink())!
    const tables = async () =>
      dump(
        await Promise.all(
          (
            ['settings', 'operators', 'operator_sessions', 'operator_links', 'operator_failures'] as const
          ).map(table => db.selectFrom(table).selectAll().execute()),
        ),
      )
    expect(await tables()).not.toContain(first)
    const { session } = await operators.createFirst(first, 'Ada', PASSWORD)
    const { token } = await operators.add('Grace')
    await errorOf(operators.signIn('Ada', 'a wrong password', HOME))
    for (const secret of [session, token, PASSWORD, 'a wrong password', HOME.ip])
      expect(await tables()).not.toContain(secret)
  })

  test('a name is known in any case and width, a wrong password is not taken', async () => {
    const { operators } = await withAda(await openFresh())
    for (const name of ['Ada', 'aDA', 'Ａda'])
      expect(await operators.bySession((await operators.signIn(name, PASSWORD, HOME)).session)).toMatchObject(
        { name: 'Ada' },
      )
    for (const [name, password] of [
      ['Ada', 'wrong'],
      ['Ada', ''],
      ['Eve', PASSWORD],
    ] as const)
      expect((await errorOf(operators.signIn(name, password, HOME))).code).toBe('session.invalid_credentials')
  })

  test('a session ends by signing out, by time, or by being made up', async () => {
    const { world, operators, ada } = await withAda(await openFresh())
    const other = await operators.signIn('Ada', PASSWORD, HOME)
    await operators.signOut(ada.session)
    expect(await operators.bySession(ada.session)).toBeUndefined()
    world.wait(OPERATOR_SESSION - 1)
    expect(await operators.bySession(other.session)).toBeDefined()
    world.wait(1)
    expect(await operators.bySession(other.session)).toBeUndefined()
    expect(await operators.bySession('made up')).toBeUndefined()
    expect(await operators.bySession('')).toBeUndefined()
  })

  test('one session too many ends the oldest', async () => {
    const db = await openFresh()
    const { world, operators, ada } = await withAda(db)
    for (let more = 0; more < MOST_SESSIONS; more += 1) {
      world.wait(1)
      await operators.signIn('Ada', PASSWORD, HOME)
    }
    expect(await db.selectFrom('operator_sessions').selectAll().execute()).toHaveLength(MOST_SESSIONS)
    expect(await operators.bySession(ada.session)).toBeUndefined()
  })

  test('another one is added by a link, and chooses the password', async () => {
    const { world, operators } = await withAda(await openFresh())
    world.wait(1)
    const { operator, token, expiresAt } = await operators.add('Grace')
    expect(await operators.list()).toMatchObject([
      { name: 'Ada', state: 'active', linkEndsAt: null, lastSignInAt: expect.any(Number) },
      { ...operator, state: 'invited', linkEndsAt: expiresAt, lastSignInAt: null },
    ])
    expect((await errorOf(operators.signIn('Grace', '', HOME))).code).toBe('session.invalid_credentials')
    expect(await operators.ofLink(token)).toEqual(operator)
    const { session } = await operators.acceptLink(token, 'anemone-quartz')
    expect(await operators.bySession(session)).toEqual(operator)
    expect((await operators.list())[1]).toMatchObject({ state: 'active', linkEndsAt: null })
    await operators.signIn('grace', 'anemone-quartz', HOME)
    for (const use of [() => operators.ofLink(token), () => operators.acceptLink(token, 'anemone-quartz')])
      expect((await errorOf(use())).code).toBe('operator.link_invalid')
  })

  test('an invitation that several accept at once is accepted once, and after three days not at all', async () => {
    const { world, operators } = await withAda(await openFresh())
    const { token } = await operators.add('Grace')
    const outcomes = await Promise.allSettled(
      Array.from({ length: 5 }, (_, index) => operators.acceptLink(token, `anemone-quartz ${index}`)),
    )
    expect(outcomes.filter(each => each.status === 'fulfilled')).toHaveLength(1)
    const late = await operators.add('Barbara')
    world.wait(72 * HOUR)
    expect((await errorOf(operators.acceptLink(late.token, 'anemone-quartz'))).code).toBe(
      'operator.link_invalid',
    )
  })

  test('no two have one name, and there are a hundred at most, also when added at once', async () => {
    const db = await openFresh()
    const { operators } = await withAda(db)
    expect((await errorOf(operators.add('ADA'))).code).toBe('operator.name_in_use')
    const same = await Promise.allSettled(Array.from({ length: 4 }, () => operators.add('Grace')))
    expect(same.filter(each => each.status === 'fulfilled')).toHaveLength(1)
    for (let more = 2; more < MOST_OPERATORS - 1; more += 1) await operators.add(`Operator ${more}`)
    const last = await Promise.allSettled(
      Array.from({ length: 4 }, (_, index) => operators.add(`Last ${index}`)),
    )
    expect(last.filter(each => each.status === 'fulfilled')).toHaveLength(1)
    for (const each of last)
      if (each.status === 'rejected') expect(each.reason.code).toBe('operator.limit_reached')
    expect(await operators.list()).toHaveLength(MOST_OPERATORS)
  })

  test('one is removed with every session and link, but not by itself', async () => {
    const { operators, ada } = await withAda(await openFresh())
    const { id } = (await operators.bySession(ada.session))!
    const grace = await operators.add('Grace')
    const { session } = await operators.acceptLink(grace.token, 'anemone-quartz')
    const invited = await operators.add('Barbara')
    expect((await errorOf(operators.remove(id, id))).code).toBe('operator.not_yourself')
    await operators.remove(grace.operator.id, id)
    await operators.remove(invited.operator.id, id)
    expect(await operators.bySession(session)).toBeUndefined()
    expect((await errorOf(operators.signIn('Grace', 'anemone-quartz', HOME))).code).toBe(
      'session.invalid_credentials',
    )
    expect((await errorOf(operators.acceptLink(invited.token, PASSWORD))).code).toBe('operator.link_invalid')
    expect((await errorOf(operators.remove(grace.operator.id, id))).code).toBe('entity.not_found')
  })

  test('of two that remove each other at once, one stays', async () => {
    const { operators, ada } = await withAda(await openFresh())
    const { id } = (await operators.bySession(ada.session))!
    const grace = (await operators.add('Grace')).operator.id
    const outcomes = await Promise.allSettled([operators.remove(grace, id), operators.remove(id, grace)])
    expect(outcomes.filter(each => each.status === 'fulfilled')).toHaveLength(1)
    expect(await operators.list()).toHaveLength(1)
  })

  test('a new link ends password, sessions and the earlier link', async () => {
    const { world, operators, ada } = await withAda(await openFresh())
    const { id } = (await operators.bySession(ada.session))!
    const invited = await operators.add('Grace')
    const again = await operators.relink(invited.operator.id, id)
    expect(again.expiresAt - world.now()).toBe(72 * HOUR)
    expect((await errorOf(operators.ofLink(invited.token))).code).toBe('operator.link_invalid')
    const { session } = await operators.acceptLink(again.token, 'anemone-quartz')
    const reset = await operators.relink(invited.operator.id, id)
    expect(reset.expiresAt - world.now()).toBe(HOUR)
    expect(await operators.bySession(session)).toBeUndefined()
    expect((await errorOf(operators.signIn('Grace', 'anemone-quartz', HOME))).code).toBe(
      'session.invalid_credentials',
    )
    expect((await errorOf(operators.relink(id, id))).code).toBe('operator.not_yourself')
    expect((await errorOf(operators.relink('nobody', id))).code).toBe('entity.not_found')
  })

  test('the own password is changed with the current one, which ends the other sessions alone', async () => {
    const { operators, ada } = await withAda(await openFresh())
    const other = await operators.signIn('Ada', PASSWORD, HOME)
    const change = (current: string, next: string) => operators.changePassword(ada.session, current, next)
    expect((await errorOf(change('wrong', 'anemone-quartz'))).code).toBe('operator.wrong_password')
    expect(await operators.bySession(other.session)).toBeDefined()
    await change(PASSWORD, 'anemone-quartz')
    expect(await operators.bySession(ada.session)).toBeDefined()
    expect(await operators.bySession(other.session)).toBeUndefined()
    expect((await errorOf(operators.signIn('Ada', PASSWORD, HOME))).code).toBe('session.invalid_credentials')
    await operators.signIn('Ada', 'anemone-quartz', HOME)
    expect((await errorOf(operators.changePassword('made up', 'anemone-quartz', PASSWORD))).code).toBe(
      'auth.unauthorized',
    )
  })

  test('whoever holds a session guesses the password ten times an hour and no more', async () => {
    const { operators, ada } = await withAda(await openFresh())
    for (let guess = 0; guess < 10; guess += 1)
      expect((await errorOf(operators.changePassword(ada.session, `guess ${guess}`, PASSWORD))).code).toBe(
        'operator.wrong_password',
      )
    expect((await errorOf(operators.changePassword(ada.session, PASSWORD, 'anemone-quartz'))).code).toBe(
      'session.verification_blocked_too_many_attempts',
    )
    // That concerns nobody who signs in.
    await operators.signIn('Ada', PASSWORD, HOME)
  })

  test.each([
    ['short', 'too_short'],
    ['qwerty123', 'pwned'],
    ['adaadaada', 'restricted.user_info'],
    ['abcdefgh', 'restricted.sequence'],
    ['密码密码密码密码', 'unsupported_characters'],
  ])('the password %s is refused wherever one is set, and spends no link', async (password, issue) => {
    const { operators } = setUpOperators(await openFresh())
    const first = (await operators.firstLink())!
    const refused = async (setting: Promise<unknown>) =>
      expect(await errorOf(setting)).toMatchObject({
        code: 'password.rejected',
        data: expect.arrayContaining([expect.objectContaining({ code: `password_rejected.${issue}` })]),
      })
    await refused(operators.createFirst(first, 'Ada', password))
    const ada = await operators.createFirst(first, 'Ada', PASSWORD)
    await refused(operators.changePassword(ada.session, PASSWORD, password))
    // Of a name that begins as hers does.
    const { token } = await operators.add('ada ada')
    await refused(operators.acceptLink(token, password))
    await operators.acceptLink(token, PASSWORD)
  })

  test('sign-ins, failures, links, resets and the first operator are written down, by name', async () => {
    const { world, operators, audited } = setUpOperators(await openFresh())
    await operators.createFirst((await operators.firstLink())!, 'Ada', PASSWORD)
    world.wait(1)
    await errorOf(operators.signIn('ada', 'wrong one', HOME))
    world.wait(1)
    await errorOf(operators.signIn('typed-the-password-here', 'wrong one', HOME))
    world.wait(1)
    await operators.signIn('Ada', PASSWORD, HOME)
    world.wait(1)
    const { token, operator } = await operators.reset('ADA')
    world.wait(1)
    await operators.acceptLink(token, 'anemone-quartz')
    const log = await audited()
    const actor = { operatorId: operator.id, operatorName: 'Ada' }
    expect(log).toMatchObject([
      { key: 'Action.CreateFirstOperator', result: 'Success', ...actor },
      {
        key: 'Action.SignInOperator',
        result: 'Error',
        operator,
        error: { code: 'session.invalid_credentials' },
      },
      { key: 'Action.SignInOperator', result: 'Error' },
      { key: 'Action.SignInOperator', result: 'Success', ...actor },
      { key: 'Action.ResetOperator', result: 'Success', operator, by: 'command line' },
      { key: 'Action.SetOperatorPassword', result: 'Success', ...actor },
    ])
    for (const index of [1, 2]) expect(log[index]).not.toHaveProperty('operatorId')
    for (const secret of ['wrong one', 'typed-the-password-here', PASSWORD, 'anemone-quartz', token])
      expect(dump(log)).not.toContain(secret)
  })
})
