import { describe, expect, test } from 'vitest'
import { Browser } from '../testing/browser.ts'
import {
  askForCode,
  fieldOf,
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

const phoneOrMail = {
  signUp: { identifiers: ['phone', 'email'], password: false, verify: true },
  signIn: {
    methods: ['phone', 'email'].map(identifier => ({
      identifier,
      password: true,
      verificationCode: true,
      isPasswordPrimary: false,
    })),
  },
}

describe('a form', () => {
  test('without its token, or with a wrong one, changes nothing and sends nothing', async () => {
    const server = await ready()
    const visitor = await server.visit()
    const stranger = await server.visit()
    const foreign = fieldOf(await go(stranger, '/sign-in'), 'csrf')!
    const page = await go(visitor, '/sign-in')
    for (const csrf of ['', 'wrong', foreign]) {
      const answer = await visitor.submit(page, { ...TYPED, csrf })
      expect(pathOf(answer)).toBe('/sign-in')
      expect(noticeOf(answer)).toMatch('This page was open too long')
    }
    expect(server.clouds.inbox.messages()).toHaveLength(0)
    expect((await visitor.experience('GET', '/interaction')).status).toBe(404)
  })

  test('that is none is refused the same way', async () => {
    const server = await ready()
    const visitor = await server.visit()
    const address = `/sign-in?app_id=${visitor.applicationId}`
    for (const [type, body] of [
      ['multipart/form-data', 'x'],
      ['multipart/form-data; boundary=x', '--x'],
      ['application/json', '{"csrf":"x"}'],
      ['text/plain', ''],
    ] as const) {
      const answer = await visitor.open(address, { method: 'POST', body, headers: { 'content-type': type } })
      expect(noticeOf(answer), type).toMatch('This page was open too long')
    }
    const huge = await visitor.open(address, {
      method: 'POST',
      body: 'x'.repeat(2_000_000),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect(huge.status).toBe(413)
    // What support finds the request by in the log.
    const reference = huge.headers.get('logto-core-request-id')!
    expect(huge.text).toContain(`<code>${reference}</code>`)
    expect(server.log.find(line => line.includes(reference))).toContain('"status":413')
  })

  test('keeps 256 characters of a field, and the whole of a password', async () => {
    const server = await ready()
    const visitor = await server.visit()
    const typed = { ...TYPED, value: 'x'.repeat(7_000), country: 'y'.repeat(7_000) }
    const answer = await visitor.submit(await go(visitor, '/sign-in'), typed)
    expect(fieldOf(answer, 'value')).toBe('x'.repeat(256))
    expect(answer.text).not.toContain('y'.repeat(257))
    await server.manage('POST', '/api/users', { primaryPhone: PHONE, password: 'p'.repeat(256) })
    const withPassword = await visitor.submit(await go(visitor, '/sign-in'), { ...TYPED, use: 'password' })
    const wrong = await visitor.submit(withPassword, { password: 'p'.repeat(257) })
    expect(pathOf(wrong)).toBe('/sign-in/password')
    await visitor.submit(wrong, { password: 'p'.repeat(256) })
    expect(visitor.leftTo?.searchParams.get('code')).toBeTruthy()
  })

  test('of a visitor whose session is gone leads to the page that says so', async () => {
    const server = await ready()
    const visitor = await server.visit()
    const page = await go(visitor, '/sign-in')
    visitor.cookies.clear()
    const answer = await visitor.submit(page, TYPED)
    expect([pathOf(answer), headingOf(answer)]).toEqual(['/unknown-session', 'This page has expired'])
    expect(server.clouds.inbox.messages()).toHaveLength(0)
  })
})

describe('a visitor', () => {
  test('without a session is led away, to where the operator wants', async () => {
    const server = await ready()
    const bare = new Browser(server.endpoint)
    for (const path of ['/sign-in', '/register', '/consent', '/forgot-password', '/sign-in/code'])
      expect(pathOf(await bare.open(path)), path).toBe('/unknown-session')
    await server.manage('PATCH', '/api/sign-in-exp', {
      unknownSessionRedirectUrl: 'https://app.example.com/start',
    })
    await bare.open('/sign-in')
    expect(bare.leftTo?.href).toBe('https://app.example.com/start')
  })

  test('who comes back after the interaction expired begins again', async () => {
    const server = await ready()
    const visitor = await server.visit()
    const page = await askForCode(visitor)
    server.wait(60 * 60_000 + 1)
    const answer = await visitor.submit(page, { code: server.codeFor(INBOX) })
    expect(answer.status).toBe(200)
    expect(['/sign-in', '/unknown-session']).toContain(pathOf(answer))
    if (pathOf(answer) === '/sign-in') {
      expect(noticeOf(answer)).toBe('This took too long, so we had to stop. Start again.')
      expect(pathOf(await askForCode(visitor))).toBe('/sign-in/code')
    }
  })

  test.each([
    ['/sign-in/code', '/sign-in'],
    ['/sign-in/password', '/sign-in'],
    ['/sign-in/create', '/sign-in'],
    ['/register/code', '/register'],
    ['/register/existing', '/register'],
    ['/register/password', '/register'],
    ['/reset-password/code', '/reset-password'],
    ['/reset-password/new', '/reset-password'],
    ['/continue', '/sign-in'],
    ['/continue/code', '/sign-in'],
    ['/', '/sign-in'],
  ])('who jumps to %s is led to %s', async (path, expected) => {
    const server = await ready()
    const visitor = await server.visit()
    expect(pathOf(await go(visitor, path))).toBe(expected)
    await askForCode(visitor)
    if (path !== '/sign-in/code' && path !== '/sign-in/password')
      expect(pathOf(await go(visitor, path))).toBe(expected)
  })

  test('who has two applications open at once signs in to each as somebody else', async () => {
    const server = await ready()
    await server.manage('POST', '/api/users', { primaryPhone: PHONE })
    await server.manage('POST', '/api/users', { primaryPhone: '8613800138001' })
    const first = await server.visit()
    const second = await server.visit()
    const browser = new Browser(server.endpoint)
    const callback = 'https://app.example.com/callback'
    const one = await browser.authorize(first.applicationId, callback, {})
    const two = await browser.authorize(second.applicationId, callback, {})
    const codeOne = await browser.submit(one, TYPED)
    const codeTwo = await browser.submit(two, { ...TYPED, value: '13800138001' })
    expect(codeOne.text).toContain('****8000')
    expect(codeTwo.text).toContain('****8001')
    await browser.submit(codeOne, { code: server.codeFor(INBOX) })
    expect(browser.leftTo?.searchParams.get('code')).toBeTruthy()
  })

  test.each([
    ['en_US!!', 200],
    ['%FF', 200],
    ['x'.repeat(3000), 200],
    ['tlh', 200],
  ])('may ask for any language: %s', async (tag, status) => {
    const server = await ready()
    const visitor = await server.visit()
    const answer = await visitor.open(`/sign-in?app_id=${visitor.applicationId}&ui_locales=${tag}`, {
      headers: { 'accept-language': 'en_US, -, zz-ZZ-ZZ;q=9' },
    })
    expect(answer.status).toBe(status)
    expect(answer.text).toContain('<html lang="en"')
  })

  test('who changes the language stays where they are', async () => {
    const server = await ready()
    const visitor = await server.visit()
    const page = await askForCode(visitor)
    const link = /<a href="([^"]*ui_locales=zh-CN[^"]*)"/.exec(page.text)![1]!.replaceAll('&amp;', '&')
    const chinese = await visitor.open(link)
    expect(pathOf(chinese)).toBe('/sign-in/code')
    expect(chinese.text).toContain('<html lang="zh-CN"')
    const next = await visitor.submit(chinese, { code: server.codeFor(INBOX) })
    expect(next.text).toContain('<html lang="zh-CN"')
    expect(pathOf(next)).toBe('/sign-in/create')
  })
})

describe('a page', () => {
  test('shows a notice and what was typed only where they belong', async () => {
    const server = await ready(phoneOrMail)
    const visitor = await server.visit()
    const wrong = await visitor.submit(await go(visitor, '/sign-in?with=email'), { value: 'nonsense' })
    expect(noticeOf(wrong)).toMatch('This does not look like an email address')
    expect(fieldOf(wrong, 'value')).toBe('nonsense')
    for (const path of ['/sign-in?with=phone', '/register', '/register?with=phone', '/reset-password']) {
      const other = await go(visitor, path)
      expect(noticeOf(other), path).toBeUndefined()
      expect(fieldOf(await go(visitor, '/sign-in?with=phone'), 'value'), path).toBe('')
    }
    expect(noticeOf(await go(visitor, '/sign-in?with=email'))).toMatch('does not look like an email')
    const asked = await visitor.submit(await go(visitor, '/sign-in?with=phone'), TYPED)
    expect(noticeOf(asked)).toBe('The code is on its way.')
    expect(noticeOf(await go(visitor, '/sign-in'))).toBeUndefined()
  })

  test('shows what was typed as text, never as markup', async () => {
    const server = await ready(phoneOrMail)
    const visitor = await server.visit()
    const evil = `"><script>alert(1)</script>'&`
    for (const kind of ['email', 'phone']) {
      const page = await visitor.submit(await go(visitor, `/sign-in?with=${kind}`), {
        kind,
        value: evil,
        country: evil,
      })
      expect(page.text).not.toContain('<script>alert')
      expect(page.text).toContain('&quot;&gt;&lt;script')
    }
    const hinted = await visitor.open(
      `/sign-in?app_id=${visitor.applicationId}&with=${encodeURIComponent(evil)}&ui_locales=${encodeURIComponent(evil)}`,
    )
    expect(hinted.text).not.toContain('<script>alert')
  })

  test('allows neither foreign content nor forms to elsewhere', async () => {
    const server = await ready()
    const visitor = await server.visit()
    for (const path of ['/sign-in', '/register']) {
      const { headers } = await go(visitor, path)
      const policy = headers.get('content-security-policy')!
      expect(policy).toContain("default-src 'none'")
      expect(policy).toContain("form-action 'self';")
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).not.toContain('unsafe')
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.get('x-frame-options')).toBe('DENY')
      expect(headers.get('logto-core-request-id')).toMatch(/^[\w-]{16}$/)
    }
  })

  test('leads on where a form has ended the visit, as its policy would hold a redirect and all after it', async () => {
    const server = await ready()
    const visitor = await server.visit()
    await visitor.submit(await askForCode(visitor), { code: server.codeFor(INBOX) })
    const offered = await go(visitor, '/sign-in/create')
    visitor.follows = false
    const leaving = await visitor.submit(offered, {})
    // To ourselves, and to this visit alone.
    expect(leaving.url).toMatch(new RegExp(`^${server.endpoint}/oidc/auth/[\\w-]{20,}$`))
    expect(leaving.status).toBe(200)
    expect(leaving.headers.get('content-security-policy')).toContain("form-action 'self';")
    expect(leaving.headers.get('cache-control')).toBe('no-store')
  })

  test.each([
    ['a program, which knows no policy', 'https://app.example.com/callback', '*/*'],
    ['a native app, which phones open only straight from a tap', 'io.app.native://callback', 'text/html'],
  ])('is spared to %s', async (_, redirectUri, accept) => {
    const server = await ready()
    const created = await server.manage('POST', '/api/applications', {
      name: 'App',
      type: 'Native',
      oidcClientMetadata: { redirectUris: [redirectUri], postLogoutRedirectUris: [redirectUri] },
    })
    const { id } = (await created.json()) as { id: string }
    const visitor = new Browser(server.endpoint)
    visitor.accept = accept
    const first = await visitor.authorize(id, redirectUri, {})
    const scheme = redirectUri.startsWith('https:') ? '' : ' io.app.native:'
    expect(first.headers.get('content-security-policy')).toContain(`form-action 'self'${scheme};`)
    const asked = await visitor.submit(first, TYPED)
    const offered = await visitor.submit(asked, { code: server.codeFor(INBOX) })
    visitor.follows = false
    expect(await visitor.submit(offered, {})).toMatchObject({ status: 303, text: '' })
  })

  test('of a purpose that is closed leads to the one that is open', async () => {
    const server = await ready({ signInMode: 'SignIn', forgotPasswordMethods: [] })
    const visitor = await server.visit()
    expect((await go(visitor, '/sign-in')).text).not.toContain('/register')
    for (const path of ['/register', '/reset-password'])
      expect(pathOf(await go(visitor, path)), path).toBe('/sign-in')
    await server.manage('PATCH', '/api/sign-in-exp', { signInMode: 'Register' })
    expect(pathOf(await go(visitor, '/sign-in'))).toBe('/register')
    await server.manage('PATCH', '/api/sign-in-exp', { signInMode: 'SignIn', signIn: { methods: [] } })
    const closed = await go(visitor, '/sign-in')
    expect([closed.status, headingOf(closed)]).toEqual([200, 'That did not work'])
  })

  test('says the same about existing and missing accounts', async () => {
    const shape = ({ status, text, headers }: Awaited<ReturnType<typeof askForCode>>) => ({
      status,
      names: [...headers.keys()].sort(),
      text: text.replaceAll(/\*\*\*\*80\d\d|name="csrf" value="[^"]*"/g, '…'),
    })
    for (const [settings, from] of [
      [{}, '/reset-password'],
      [{ signInMode: 'SignIn' }, '/sign-in'],
    ] as const) {
      const server = await ready(settings)
      await server.manage('POST', '/api/users', { primaryPhone: PHONE, password: PASSWORD })
      const visitor = await server.visit()
      // Also while the cloud is down: the failure would tell that there was something to send.
      for (const fault of [null, { kind: 'drop-before' } as const]) {
        server.clouds.control.setFault(fault)
        const known = await askForCode(visitor, from)
        const unknown = await askForCode(visitor, from, { ...TYPED, value: '13800138009' })
        expect(shape(unknown)).toEqual(shape(known))
        const guess = async (page: typeof known) => shape(await visitor.submit(page, { code: 'no' }))
        expect(await guess(known)).toEqual(await guess(unknown))
      }
      expect(server.clouds.inbox.messages().every(message => message.to === INBOX)).toBe(true)
    }
  })
})

test('the log of whole flows holds no code, number, address, password or key', async () => {
  const server = await ready({ ...phoneOrMail, signUp: { ...phoneOrMail.signUp, password: true } })
  const secrets = [PASSWORD, PHONE, '13800138000', 'ada@example.com', 'simulated-secret-ok']
  for (const [typed, inbox] of [
    [TYPED, INBOX],
    [{ kind: 'email', value: 'ada@example.com' }, 'ada@example.com'],
  ] as const) {
    const visitor = await server.visit()
    const offer = await visitor.submit(await askForCode(visitor, `/sign-in?with=${typed.kind}`, typed), {
      code: server.codeFor(inbox),
    })
    secrets.push(server.codeFor(inbox))
    const missing = await visitor.submit(offer, {})
    await visitor.submit(missing, { password: PASSWORD, repeat: PASSWORD })
    expect(visitor.leftTo?.searchParams.get('code')).toBeTruthy()
    secrets.push(visitor.leftTo!.searchParams.get('code')!)
  }
  server.clouds.control.setFault({ code: 'SignatureDoesNotMatch' })
  await server.manage('POST', '/api/verification-codes', { phone: '8613800138000' })
  await server.manage('POST', '/api/verification-codes', { email: 'ada@example.com' })
  const log = server.log.join('\n')
  expect(log).toContain('/sign-in/code')
  for (const secret of secrets) expect(log.includes(secret), secret).toBe(false)
})
