import { describe, expect, test } from 'vitest'
import type { Seen } from '../testing/browser.ts'
import { fieldOf, go, headingOf, INBOX, PASSWORD, pathOf, ready } from '../testing/visitor.ts'

type Kind = 'phone' | 'email' | 'username'

const RESETS = { phone: 'PhoneVerificationCode', email: 'EmailVerificationCode' } as const

const methods = (kinds: readonly Kind[]) =>
  kinds.map(identifier => ({
    identifier,
    password: true,
    verificationCode: identifier !== 'username',
    isPasswordPrimary: identifier === 'username',
  }))

/** Everything written the other way round than the ways to sign in, as forms and programs do. */
const against = (kinds: readonly ('phone' | 'email')[]) => ({
  signUp: { identifiers: kinds.toReversed(), password: false, verify: true },
  signIn: { methods: methods(kinds) },
  forgotPasswordMethods: kinds.toReversed().map(kind => RESETS[kind]),
})

/** The kinds that a page offers, in order, and the one whose field it shows. */
function offered(seen: Seen) {
  const [nav = ''] = /<nav class="kinds".*?<\/nav>/s.exec(seen.text) ?? []
  return {
    kinds: [...nav.matchAll(/[?&;]with=(\w+)/g)].map(([, kind]) => kind),
    shown: fieldOf(seen, 'kind'),
  }
}

describe('the order of the ways to sign in', () => {
  test.each([[['phone', 'email']], [['email', 'phone']]] as const)(
    '%o is that of every first page',
    async kinds => {
      const server = await ready(against(kinds))
      for (const path of [
        '/sign-in',
        '/register',
        '/reset-password',
        '/identifier-register',
        '/forgot-password',
      ]) {
        const visitor = await server.visit()
        expect(offered(await go(visitor, path)), path).toEqual({ kinds, shown: kinds[0] })
      }
    },
  )

  test('holds where nobody said by what a password is reset', async () => {
    const server = await ready({ ...against(['email', 'phone']), forgotPasswordMethods: null })
    const visitor = await server.visit()
    expect(offered(await go(visitor, '/reset-password')).kinds).toEqual(['email', 'phone'])
  })

  test('holds where an account must be reachable by either', async () => {
    for (const kinds of [
      ['email', 'phone'],
      ['phone', 'email'],
    ] as const) {
      const server = await ready({
        signIn: { methods: methods(['username', ...kinds]) },
        signUp: {
          identifiers: ['username'],
          password: true,
          verify: true,
          secondaryIdentifiers: [{ identifier: 'emailOrPhone', verify: true }],
        },
      })
      const visitor = await server.visit()
      const named = await visitor.submit(await go(visitor, '/register'), { kind: 'username', value: 'ada' })
      expect(headingOf(named)).toBe('Choose a password')
      const missing = await visitor.submit(named, { password: PASSWORD, repeat: PASSWORD })
      expect(pathOf(missing)).toBe('/continue')
      expect(offered(missing)).toEqual({ kinds, shown: kinds[0] })
    }
  })

  test('puts what signs nobody in behind what does, and an identifier that was typed comes first all the same', async () => {
    const server = await ready({
      ...against(['phone', 'email']),
      signUp: { identifiers: ['email', 'phone'], password: true, verify: true },
      signIn: { methods: methods(['phone']) },
    })
    const visitor = await server.visit()
    expect(offered(await go(visitor, '/register'))).toEqual({ kinds: ['phone', 'email'], shown: 'phone' })
    await visitor.submit(await go(visitor, '/register?with=email'), {
      kind: 'email',
      value: 'ada@example.com',
    })
    expect(server.codeFor('ada@example.com')).toMatch(/^\d{6}$/)
    expect(offered(await go(visitor, '/register'))).toEqual({ kinds: ['phone', 'email'], shown: 'email' })
    expect(server.clouds.inbox.messages().some(message => message.to === INBOX)).toBe(false)
  })
})
