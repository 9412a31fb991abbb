import { describe, expect, test } from 'vitest'
import type { Seen } from '../testing/browser.ts'
import {
  askForCode,
  go,
  headingOf,
  INBOX,
  noticeOf,
  PASSWORD,
  PHONE,
  pathOf,
  ready,
  TYPED,
} from '../testing/visitor.ts'

const TERMS = 'https://app.example.com/terms'
const PRIVACY = 'https://app.example.com/privacy'
const withTerms = (agreeToTermsPolicy: string, more: object = {}) =>
  ready({ agreeToTermsPolicy, termsOfUseUrl: TERMS, privacyPolicyUrl: PRIVACY, ...more })

const box = ({ text }: Seen) => /<input id="terms"[^>]*>/.exec(text)?.[0]
/** The sentence beside the box. */
const wrong = ({ text }: Seen) => /<p class="wrong" id="notice" role="alert">(.*?)<\/p>/.exec(text)?.[1]

describe('terms', () => {
  test('are agreed to by going on, where an account is made', async () => {
    const server = await withTerms('Automatic')
    const visitor = await server.visit()
    const said = `By continuing you agree to the <a href="${TERMS}"`
    expect((await go(visitor, '/register')).text).toContain(said)
    expect((await go(visitor, '/sign-in')).text).not.toContain(said)
    const offer = await visitor.submit(await askForCode(visitor), { code: server.codeFor(INBOX) })
    expect(offer.text).toContain(said)
    await visitor.submit(offer, {})
    expect(visitor.leftTo?.searchParams.get('code')).toBeTruthy()
  })

  test('are asked for once, at registration', async () => {
    const server = await withTerms('ManualRegistrationOnly')
    const visitor = await server.visit()
    const first = await go(visitor, '/register')
    expect(box(first)).toContain('required')
    expect(first.text).toContain(`I agree to the <a href="${TERMS}"`)
    const refused = await visitor.submit(first, { ...TYPED, terms: '' })
    expect([pathOf(refused), wrong(refused)]).toEqual(['/register', 'Tick this box to continue.'])
    expect(box(refused)).toContain('aria-invalid="true" aria-describedby="notice"')
    expect(refused.text).toContain('value="138 0013 8000"')
    expect(noticeOf(refused)).toBeUndefined()
    expect(server.clouds.inbox.messages()).toEqual([])
    const asked = await visitor.submit(refused, { ...TYPED, terms: 'agreed' })
    expect(pathOf(asked)).toBe('/register/code')
    expect(box(await go(visitor, '/register'))).toBeUndefined()
    await visitor.submit(asked, { code: server.codeFor(INBOX) })
    expect(visitor.leftTo?.searchParams.get('code')).toBeTruthy()
  })

  test('are asked for where signing in turns into registering, and not of those who have an account', async () => {
    const server = await withTerms('ManualRegistrationOnly')
    const visitor = await server.visit()
    const page = await go(visitor, '/sign-in')
    expect(box(page)).toBeUndefined()
    const offer = await visitor.submit(await visitor.submit(page, TYPED), { code: server.codeFor(INBOX) })
    expect(headingOf(offer)).toBe('Create an account?')
    const refused = await visitor.submit(offer, { terms: '' })
    expect([pathOf(refused), wrong(refused)]).toEqual(['/sign-in/create', 'Tick this box to continue.'])
    expect((await (await server.manage('GET', '/api/users')).json()) as unknown[]).toEqual([])
    await visitor.submit(refused, { terms: 'agreed' })
    expect(visitor.leftTo?.searchParams.get('code')).toBeTruthy()
    const again = await server.visit()
    await again.submit(await askForCode(again), { code: server.codeFor(INBOX) })
    expect(again.leftTo?.searchParams.get('code')).toBeTruthy()
  })

  test('are asked for of everybody, and no way leads around the box', async () => {
    const server = await withTerms('Manual')
    await server.manage('POST', '/api/users', { primaryPhone: PHONE, password: PASSWORD })
    const visitor = await server.visit()
    expect(box(await go(visitor, '/sign-in'))).toBeTruthy()
    expect(box(await go(visitor, '/reset-password'))).toBeUndefined()
    // A reset names the identifier, and so opens the password page.
    await askForCode(visitor, '/reset-password')
    const led = await visitor.submit(await go(visitor, '/sign-in/password'), { password: PASSWORD })
    expect([pathOf(led), wrong(led)]).toEqual(['/sign-in', 'Tick this box to continue.'])
    expect(visitor.leftTo).toBeUndefined()
    const password = await visitor.submit(led, { ...TYPED, terms: 'agreed', use: 'password' })
    await visitor.submit(password, { password: PASSWORD })
    expect(visitor.leftTo?.searchParams.get('code')).toBeTruthy()
  })

  test('that are nowhere to be read need no agreement', async () => {
    const server = await ready({ agreeToTermsPolicy: 'Manual' })
    const visitor = await server.visit()
    expect(box(await go(visitor, '/register'))).toBeUndefined()
    expect(pathOf(await askForCode(visitor, '/register'))).toBe('/register/code')
  })
})
