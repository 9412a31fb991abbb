import { expect, test } from 'vitest'
import { eachServerDatabase } from '../db/testing.ts'
import type { Browser, Seen } from '../testing/browser.ts'
import { signInOperator } from '../testing/operator.ts'
import { go, noticeOf, PASSWORD, pathOf, ready, wrongFor } from '../testing/visitor.ts'
import { createWitness } from '../testing/witness.ts'

const witness = createWitness()

const ADA = { primaryPhone: '8613800138001', primaryEmail: 'ada@example.com' }
const BEA = { primaryPhone: '8613800138002' }
const CAT = { primaryPhone: '8613800138003', primaryEmail: 'cat@example.com' }
const NOBODY = '8613800138004'

const method = (identifier: string) => ({
  identifier,
  password: true,
  verificationCode: true,
  isPasswordPrimary: false,
})
const SETTINGS = {
  signUp: { identifiers: ['phone'], password: false, verify: true },
  signIn: { methods: [method('phone'), method('email')] },
  forgotPasswordMethods: ['PhoneVerificationCode', 'EmailVerificationCode'],
  signInMode: 'SignInAndRegister',
}
const BUDGET = { name: 'Texts', period: 'month', hard: 1, atHard: 'email' }

/** A server whose budget for text messages is spent, and three accounts, the last of them suspended. */
async function setUp(env: Record<string, string>) {
  const server = await ready(SETTINGS, env)
  const call = async (verb: string, path: string, body?: object) => {
    const answer = await server.manage(verb, path, body)
    const text = await answer.text()
    if (!answer.ok) throw new Error(text)
    return text === '' ? undefined : JSON.parse(text)
  }
  const budget = (await call('POST', '/api/protection/budgets', BUDGET)) as { id: string }
  const ids: string[] = []
  for (const user of [ADA, BEA, CAT])
    ids.push((await call('POST', '/api/users', { ...user, password: PASSWORD })).id)
  await call('PATCH', `/api/users/${ids[2]}/is-suspended`, { isSuspended: true })
  const sentTo = async () => {
    await server.app.settled()
    return server.clouds.inbox.messages().map(message => message.to)
  }
  return { server, call, budget, ids, sentTo }
}

const type = async (visitor: Browser, number: string, from = '/sign-in') =>
  visitor.submit(await go(visitor, `${from}?with=phone`), {
    kind: 'phone',
    value: `+${number}`,
    country: 'CN',
  })
const isIn = (visitor: Browser) => visitor.leftTo?.searchParams.get('code') != null
/** What a page shows, without what differs with each visitor and number. */
const shapeOf = ({ text, status }: Seen, number: string) => [
  status,
  text
    .replaceAll(number.slice(-4), '…')
    .replaceAll(/name="csrf" value="[^"]*"|app_id=[0-9a-z]+|interaction=[\w-]{43}/g, '…')
    .replaceAll(/data-wait="\d+"/g, '…'),
]

eachServerDatabase('an e-mail in the place of a text message that a budget stops', fresh => {
  test('goes to the owner of the number alone, and nobody sees or feels whether there is one', async () => {
    const { server, sentTo } = await setUp(await fresh())
    const everybody = [ADA.primaryPhone, BEA.primaryPhone, CAT.primaryPhone, NOBODY]
    for (const [from, numbers] of [
      ['/sign-in', everybody],
      ['/reset-password', [ADA.primaryPhone, NOBODY]],
    ] as const) {
      const ends: unknown[] = []
      for (const number of numbers) {
        const visitor = await server.visit()
        const asked = await witness.watch(server.app, () => type(visitor, number, from))
        expect(pathOf(asked.result)).toBe(`${from}/code`)
        const wrong = await witness.watch(server.app, () =>
          visitor.submit(asked.result, { code: wrongFor(server.clouds.inbox.messages()[0]?.code ?? '') }),
        )
        const told = await visitor.experience('GET', '/interaction')
        expect(JSON.stringify(told.json)).not.toContain('example.com')
        const again = await witness.watch(server.app, () => visitor.submit(wrong.result, {}, 1))
        ends.push([
          ...[asked, wrong, again].map(({ result, work }) => [shapeOf(result, number), work.beforeAnswer]),
          wrong.work.all,
          Object.keys(told.json),
        ])
      }
      for (const end of ends.slice(1)) expect(end).toEqual(ends[0])
      expect(JSON.stringify(ends[0])).toContain('If an account with the number')
    }
    expect(await sentTo()).toEqual(Array(4).fill(ADA.primaryEmail))
    const operator = await signInOperator(server.app)
    const listed = await operator('GET', '/api/console/messages?page_size=100')
    const messages = (await listed.json()) as Record<string, unknown>[]
    const of = (state: string) =>
      messages
        .filter(each => (each.state === 'delivered' ? 'accepted' : each.state) === state)
        .map(({ channel, reason, recipient, budget }) => [channel, reason, recipient, budget])
    expect(of('accepted')).toEqual(Array(4).fill(['email', null, 'a***@example.com', 'Texts']))
    expect(of('suppressed')).toHaveLength(4)
    expect(of('suppressed')).toContainEqual(['email', 'no_address', '+86 138****8004', 'Texts'])
    expect(of('refused')).toContainEqual(['sms', 'budget', '+86 138****8001', 'Texts'])
  })

  test('proves the address and signs its owner in, whom it was sent for, or nobody', async () => {
    const { server, call, ids, sentTo } = await setUp(await fresh())
    const ask = async (from = '/sign-in') => {
      const visitor = await server.visit()
      const asked = await type(visitor, ADA.primaryPhone, from)
      await server.app.settled()
      const { code } = server.clouds.inbox.messages()[0]!
      return { visitor, asked, submit: () => visitor.submit(asked, { code: code! }) }
    }
    const first = await ask()
    await first.submit()
    expect(isIn(first.visitor)).toBe(true)

    const resetting = await ask('/reset-password')
    const password = await resetting.submit()
    expect(pathOf(password)).toBe('/reset-password/new')
    const other = 'another good passphrase'
    await resetting.visitor.submit(password, { password: other, repeat: other })
    const moved = await ask()
    await call('PATCH', `/api/users/${ids[0]}`, { primaryPhone: NOBODY })
    await call('PATCH', `/api/users/${ids[1]}`, { primaryPhone: ADA.primaryPhone })
    expect(pathOf(await moved.submit())).toBe('/sign-in/code')
    expect(isIn(moved.visitor)).toBe(false)

    await call('PATCH', `/api/users/${ids[1]}`, { primaryEmail: 'bea@example.com' })
    const readdressed = await ask()
    await call('PATCH', `/api/users/${ids[1]}`, { primaryEmail: 'eve@example.com' })
    await readdressed.submit()
    expect(isIn(readdressed.visitor)).toBe(false)
    expect(await sentTo()).toEqual(['bea@example.com', ...Array(3).fill(ADA.primaryEmail)])
  })

  test('is there only where e-mail lets somebody in and every budget says so, and not to register or by API', async () => {
    const { server, call, budget, sentTo } = await setUp(await fresh())
    const ends = async (from = '/sign-in') => {
      const page = await type(await server.visit(), ADA.primaryPhone, from)
      return [pathOf(page), noticeOf(page)]
    }
    const refused = (path: string) => [
      path,
      'No code can be sent there at the moment. Please use another way.',
    ]
    expect(await ends('/register')).toEqual(refused('/register'))
    const visitor = await server.visit()
    await visitor.experience('PUT', '', { interactionEvent: 'SignIn' })
    const told = await visitor.experience('POST', '/verification/verification-code', {
      identifier: { type: 'phone', value: ADA.primaryPhone },
      interactionEvent: 'SignIn',
    })
    expect([told.status, told.json.code, told.json.data.reason]).toEqual([
      429,
      'request.message_rate_limited',
      'budget',
    ])
    await call('PATCH', '/api/sign-in-exp', {
      signIn: { methods: [method('phone')] },
      forgotPasswordMethods: ['PhoneVerificationCode'],
    })
    expect(await ends()).toEqual(refused('/sign-in'))
    expect(await ends('/reset-password')).toEqual(refused('/reset-password'))
    await call('PATCH', '/api/sign-in-exp', SETTINGS)
    const stopping = await call('POST', '/api/protection/budgets', { ...BUDGET, atHard: 'stop' })
    expect(await ends()).toEqual(refused('/sign-in'))
    await call('PATCH', `/api/protection/budgets/${stopping.id}`, { atHard: 'email' })
    // An e-mail budget that is spent stops it for every number.
    const mails = { name: 'Mails', channel: 'email', period: 'day', hard: 1, assumedPrice: 2 }
    const { id } = await call('POST', '/api/protection/budgets', mails)
    expect(await ends()).toEqual(refused('/sign-in'))
    await call('DELETE', `/api/protection/budgets/${id}`)
    expect(await sentTo()).toEqual([])
    expect((await ends())[0]).toBe('/sign-in/code')
    expect(await sentTo()).toEqual([ADA.primaryEmail])
    await call('PATCH', `/api/protection/budgets/${budget.id}`, { hard: 1_000_000 })
    await call('DELETE', `/api/protection/budgets/${stopping.id}`)
    expect((await ends())[0]).toBe('/sign-in/code')
    expect(await sentTo()).toEqual([`+${ADA.primaryPhone}`, ADA.primaryEmail])
  })
})
