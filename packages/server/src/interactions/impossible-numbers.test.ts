import { describe, expect, test } from 'vitest'
import type { Browser, Seen } from '../testing/browser.ts'
import {
  fieldOf,
  go,
  headingOf,
  INBOX,
  noticeOf,
  PASSWORD,
  PHONE,
  pathOf,
  ready,
} from '../testing/visitor.ts'
import { chosen, serve, type, worldwide } from './testing-numbers.ts'

type Server = Awaited<ReturnType<typeof ready>>

const NO_MAINLAND_MOBILE =
  'A mobile number of mainland China has eleven digits and begins with 1. Check the digits.'
const noSuch = (prefix: string) =>
  `There is no such phone number under ${prefix}. Check the country and the digits.`
const US_MOBILE = '14155552671'
/** No area has this code; yet its length fits, so that programs may have made a user with it. */
const ODD = '12005550123'

/** The button of the number that may have been meant: what it says and what it posts. */
function buttonOf(page: Seen) {
  const [, value, text] = /<button[^>]*name="meant" value="(\d+)"[^>]*>(.*?)<\/button>/.exec(page.text) ?? []
  return value === undefined ? undefined : { value, text: text!.replaceAll(/<[^>]+>/g, '') }
}

/** Nothing was asked of a cloud, and nothing was written down as if it had been. */
async function expectNothingSent(server: Server) {
  expect(server.clouds.inbox.messages()).toHaveLength(0)
  const { messages } = await server.app.ledger.list({}, { size: 10, offset: 0 })
  expect(messages.filter(({ state }) => state !== 'refused')).toEqual([])
}

describe('a number that cannot exist', () => {
  test.each([
    ['1380013800', 'CN', NO_MAINLAND_MOBILE],
    ['138001380001', 'CN', NO_MAINLAND_MOBILE],
    ['1380013800O', 'CN', NO_MAINLAND_MOBILE],
    ['010 12345678', 'CN', NO_MAINLAND_MOBILE],
    ['400 810 8888', 'CN', NO_MAINLAND_MOBILE],
    ['23800138000', 'CN', NO_MAINLAND_MOBILE],
    ['+86 1380013800', 'US', NO_MAINLAND_MOBILE],
    ['555 123 4567', 'US', noSuch('+1')],
    ['7400 12345', 'GB', noSuch('+44')],
    ['+999 123456', 'US', 'This does not look like a phone number. Check the country and the digits.'],
  ])('such as %s under %s is refused at once on every page', async (value, country, sentence) => {
    const server = await ready()
    await worldwide(server)
    const visitor = await server.visit()
    for (const from of ['/sign-in', '/register', '/forgot-password']) {
      const page = await type(visitor, value, country, from)
      expect(noticeOf(page), from).toBe(sentence)
      expect(fieldOf(page, 'value')).toBe(value)
      expect(buttonOf(page)).toBe(undefined)
    }
    await expectNothingSent(server)
  })

  test.each([
    ['13800138000', 'US', '8613800138000', '+86 138 0013 8000'],
    ['+1 380 013 8000', 'CN', '8613800138000', '+86 138 0013 8000'],
    ['8613800138000', 'US', '8613800138000', '+86 138 0013 8000'],
    ['85261234567', 'CN', '85261234567', '+852 6123 4567'],
  ])('%s under %s is asked about: was %s meant?', async (value, country, meant, shown) => {
    const server = await ready()
    await worldwide(server)
    const visitor = await server.visit()
    for (const from of ['/sign-in', '/register', '/forgot-password']) {
      const page = await type(visitor, value, country, from)
      expect(buttonOf(page), from).toEqual({ value: meant, text: `Did you mean ${shown}?` })
    }
    await expectNothingSent(server)
  })

  test('is taken as the one that was meant with one button, in every respect', async () => {
    const server = await ready()
    const visitor = await server.visit()
    const page = await type(visitor, '13800138000', 'US')
    expect(noticeOf(page)).toBe(noSuch('+1'))
    const { value: meant } = buttonOf(page)!
    const asked = await visitor.submit(page, { value: '13800138000', country: 'US', meant })
    expect([pathOf(asked), headingOf(asked)]).toEqual(['/sign-in/code', 'Enter the code'])
    expect(asked.text).toContain('+86 138****8000')
    const back = await go(visitor, '/sign-in')
    expect([fieldOf(back, 'value'), chosen(back)]).toEqual(['138 0013 8000', 'CN'])
    await visitor.submit(await visitor.submit(asked, { code: server.codeFor(INBOX) }), {})
    // The next visit, with the right country from the start, finds the same account.
    const again = await server.visit()
    await again.submit(await type(again, '13800138000', 'CN'), { code: server.codeFor(INBOX) })
    expect(again.leftTo?.searchParams.get('code')).toBeTruthy()
    const users = (await (await server.manage('GET', '/api/users')).json()) as { primaryPhone: string }[]
    expect(users.map(user => user.primaryPhone)).toEqual([PHONE])
  })

  test('is refused as well where the button was given another number', async () => {
    const server = await ready()
    const visitor = await server.visit()
    for (const meant of ['13800138000', '861380013800', 'x', '<b>', '0'.repeat(300)]) {
      const page = await visitor.submit(await go(visitor, '/sign-in'), { kind: 'phone', value: '', meant })
      expect(pathOf(page)).toBe('/sign-in')
      expect(noticeOf(page)).toBeTruthy()
    }
    await expectNothingSent(server)
  })

  test('takes no place of the allowance, neither of its own nor of the one that was meant', async () => {
    const server = await ready()
    const visitor = await server.visit()
    for (let time = 0; time < 25; time += 1) await type(visitor, '13800138000', 'US')
    await expectNothingSent(server)
    expect(pathOf(await type(visitor, '13800138000', 'CN'))).toBe('/sign-in/code')
  })

  test('asks who adds a number to an account, too', async () => {
    const server = await ready({
      signUp: {
        identifiers: ['username'],
        password: true,
        verify: true,
        secondaryIdentifiers: [{ identifier: 'phone', verify: true }],
      },
    })
    const visitor = await server.visit()
    const named = await visitor.submit(await go(visitor, '/register'), { kind: 'username', value: 'ada' })
    const add = await visitor.submit(named, { password: PASSWORD, repeat: PASSWORD })
    expect(headingOf(add)).toBe('Add your phone number')
    const page = await visitor.submit(add, { value: '13800138000', country: 'US' })
    expect(noticeOf(page)).toBe(noSuch('+1'))
    const asked = await visitor.submit(page, { meant: buttonOf(page)!.value })
    expect(pathOf(asked)).toBe('/continue/code')
    expect(asked.text).toContain('+86 138****8000')
  })

  test('that a user has just so keeps letting that user in, and goes where it always went', async () => {
    const server = await ready()
    await worldwide(server)
    await server.manage('POST', '/api/users', { primaryPhone: ODD })
    const visitor = await server.visit()
    const asked = await type(visitor, '200 555 0123', 'US')
    expect(pathOf(asked)).toBe('/sign-in/code')
    await visitor.submit(asked, { code: server.codeFor(`+${ODD}`) })
    expect(visitor.leftTo?.searchParams.get('code')).toBeTruthy()
  })

  test('is doubted once before a password, and whoever insists goes on, whether or not there is such a user', async () => {
    const methods = [{ identifier: 'phone', password: true, verificationCode: true, isPasswordPrimary: true }]
    const server = await ready({ signIn: { methods } })
    await server.manage('POST', '/api/users', { primaryPhone: ODD, password: PASSWORD })
    for (const [value, user] of [
      ['200 555 0123', true],
      ['200 555 0199', false],
    ] as const) {
      const visitor = await server.visit()
      const doubted = await type(visitor, value, 'US')
      expect([pathOf(doubted), noticeOf(doubted)]).toEqual(['/sign-in', noSuch('+1')])
      const page = await visitor.submit(doubted, { value, country: 'US' })
      expect(pathOf(page)).toBe('/sign-in/password')
      // A code to it is nothing to insist on.
      if (!user) {
        const refused = await visitor.submit(page, {}, 1)
        expect(noticeOf(refused)).toBeTruthy()
        await expectNothingSent(server)
      }
      await visitor.submit(page, { password: user ? PASSWORD : 'wrong' })
      expect(!!visitor.leftTo?.searchParams.get('code')).toBe(user)
    }
  })
})

test('nobody insists on a number that is somebody else’s without its plus', async () => {
  const methods = [{ identifier: 'phone', password: true, verificationCode: true, isPasswordPrimary: true }]
  const server = await ready({ signIn: { methods } })
  await server.manage('POST', '/api/users', { primaryPhone: PHONE, password: PASSWORD })
  const visitor = await server.visit()
  let page = await type(visitor, '13800138000', 'US')
  for (let time = 0; time < 2; time += 1) {
    expect([pathOf(page), noticeOf(page)]).toEqual(['/sign-in', noSuch('+1')])
    page = await visitor.submit(page, { value: '13800138000', country: 'US' })
  }
})

describe('an API', () => {
  const send = async (visitor: Browser, value: string) => {
    const { status, json } = await visitor.experience('POST', '/verification/verification-code', {
      identifier: { type: 'phone', value },
      interactionEvent: 'SignIn',
    })
    return { status, code: json.code, message: json.message, data: json.data }
  }

  test('takes a mainland number without its 86 for just that one, in every respect', async () => {
    const server = await ready()
    await worldwide(server)
    for (const value of ['13800138000', PHONE, '١٣٨٠٠١٣٨٠٠٠']) {
      const visitor = await server.visit()
      await visitor.experience('PUT', '', { interactionEvent: 'SignIn' })
      const identifier = { type: 'phone', value }
      const asked = await visitor.experience('POST', '/verification/verification-code', {
        identifier,
        interactionEvent: 'SignIn',
      })
      const { verificationId } = asked.json as unknown as { verificationId: string }
      const code = server.codeFor(INBOX).replaceAll(/\d/g, digit => '٠١٢٣٤٥٦٧٨٩'[Number(digit)]!)
      const checked = await visitor.experience('POST', '/verification/verification-code/verify', {
        identifier: { type: 'phone', value: PHONE },
        verificationId,
        code,
      })
      expect(checked.status, value).toBe(200)
      const identified = await visitor.experience('POST', '/identification', { verificationId })
      if (identified.status === 204) continue
      await visitor.experience('PUT', '/interaction-event', { interactionEvent: 'Register' })
      expect((await visitor.experience('POST', '/identification', { verificationId })).status).toBe(201)
    }
    const users = (await (await server.manage('GET', '/api/users')).json()) as { primaryPhone: string }[]
    expect(users.map(user => user.primaryPhone)).toEqual([PHONE])
  })

  test('refuses numbers that cannot exist, and says what is wrong', async () => {
    const server = await ready()
    await worldwide(server)
    const visitor = await server.visit()
    await visitor.experience('PUT', '', { interactionEvent: 'SignIn' })
    expect(await send(visitor, '861380013800')).toEqual({
      status: 422,
      code: 'user.invalid_phone',
      message:
        'This is not a valid phone number. Check the country code and the digits. A mobile number of mainland China has 11 digits after 86.',
      data: { name: 'ParseError' },
    })
    for (const wrong of ['861012345678', '864008108888', '12', '999123456', '1415555267'])
      expect(await send(visitor, wrong), wrong).toMatchObject({ status: 422, code: 'user.invalid_phone' })
    await expectNothingSent(server)
  })

  test('takes every number that can exist, also of series that no list has yet', async () => {
    const server = await ready()
    await worldwide(server)
    const visitor = await server.visit()
    await visitor.experience('PUT', '', { interactionEvent: 'SignIn' })
    for (const number of [PHONE, '8619900000000', '8615400000000', US_MOBILE, '85261234567', '447700900123'])
      expect((await send(visitor, number)).status, number).toBe(200)
  })

  test('refuses them for users as well', async () => {
    const server = await ready()
    const { id } = await server.app.users.create({ username: 'ada' })
    for (const primaryPhone of ['861380013800', '861012345678', '864008108888', '1415555267', '12'])
      for (const [method, path] of [
        ['POST', '/api/users'],
        ['PATCH', `/api/users/${id}`],
      ] as const) {
        const answer = await server.manage(method, path, { primaryPhone })
        expect([answer.status, ((await answer.json()) as { code: string }).code], primaryPhone).toEqual([
          422,
          'user.invalid_phone',
        ])
      }
  })

  test('for back ends takes a mainland number without its country, and no other that cannot exist', async () => {
    const server = await ready()
    const status = async (phone: string) =>
      (await server.manage('POST', '/api/verification-codes', { phone })).status
    expect([await status('13800138000'), await status('008613800138000')]).toEqual([204, 204])
    expect([await status('861380013800'), await status('12')]).toEqual([422, 422])
  })
})

describe('where codes go to mainland China alone', () => {
  test('the page offers China and nothing else, and refuses other numbers in words', async () => {
    const server = await ready()
    const visitor = await server.visit()
    const page = await go(visitor, '/sign-in')
    expect([...page.text.matchAll(/<option value="(\w\w)"/g)].map(([, code]) => code)).toEqual(['CN'])
    expect(page.text).toContain('China (+86)')
    for (const [value, country] of [
      ['+1 415 555 2671', 'CN'],
      ['415 555 2671', 'US'],
    ] as const) {
      const refused = await type(visitor, value, country)
      expect(noticeOf(refused)).toBe(
        'We send codes to mobile numbers of mainland China (+86) only. Enter one of those, or use another way to continue.',
      )
      expect(chosen(refused)).toBe('CN')
      // With its country code it is no other number, whatever its digits would be elsewhere.
      expect(buttonOf(refused)).toBeUndefined()
    }
    // It may as well be a mainland number.
    expect(buttonOf(await type(visitor, '13055552671', 'US'))).toEqual({
      value: '8613055552671',
      text: 'Did you mean +86 130 5555 2671?',
    })
    await expectNothingSent(server)
  })

  test('a number of another country still signs in by its password', async () => {
    const methods = [{ identifier: 'phone', password: true, verificationCode: true, isPasswordPrimary: true }]
    for (const [signIn, use] of [
      [{ methods }, {}],
      [undefined, { use: 'password' }],
    ] as const) {
      const server = await ready(signIn ? { signIn } : {})
      await server.manage('POST', '/api/users', { primaryPhone: US_MOBILE, password: PASSWORD })
      const visitor = await server.visit()
      const page = await visitor.submit(await go(visitor, '/sign-in'), {
        kind: 'phone',
        value: '+1 415 555 2671',
        country: 'CN',
        ...use,
      })
      expect(pathOf(page)).toBe('/sign-in/password')
      await visitor.submit(page, { password: PASSWORD })
      expect(visitor.leftTo?.searchParams.get('code')).toBeTruthy()
    }
  })

  test('where they go everywhere else alone, China is not offered', async () => {
    const server = await ready()
    await serve(server, { overseas: 'SMS_100000022' })
    const visitor = await server.visit()
    const page = await go(visitor, '/sign-in')
    expect(page.text).not.toContain('<option value="CN"')
    expect(page.text).toContain('<option value="US"')
    expect(noticeOf(await type(visitor, '+86 138 0013 8000', 'US'))).toMatch('We do not send messages')
  })
})
