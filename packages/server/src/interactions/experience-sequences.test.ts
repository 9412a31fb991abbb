import fc from 'fast-check'
import { decodeJwt } from 'jose'
import { expect, test } from 'vitest'
import { eachServerDatabase } from '../db/testing.ts'
import { Browser } from '../testing/browser.ts'
import { type Launched, launch } from '../testing/launch.ts'
import { EVERYTHING_ONCE, type Event, type Identifier, type Step, sequence } from './testing-steps.ts'

const CALLBACK = 'https://app.example.com/callback'
const PASSWORDS = ['correct horse battery', 'staple of the horse', 'battery of the staple']
const VERIFIER = 'verifier-of-test-verifier-of-test-verifier-of-test'

/** Everything that was seen over all runs, so that a test of nothing but refusals does not pass. */
const seen = { codes: 0, passwords: 0, registered: 0, identified: 0, tokens: 0, reset: 0, refused: 0 }

/** A visitor as the test believes them to be: only what the server answered "yes" to. */
interface Believed {
  browser: Browser
  event: Event | undefined
  /** Ids of records in the order they came; the newest first. */
  records: string[]
  /** What this interaction has proven, by record. */
  proven: Map<string, Identifier>
  /** Whose session this may become. */
  userId: string | undefined
  redirectTo: string | undefined
}

/** One run: three visitors of one application, four identifiers, two of them with an owner. */
class Run {
  readonly server: Launched
  readonly identifiers: Identifier[]
  readonly visitors: Believed[] = []
  /** Pairs of record and code that were accepted. */
  readonly accepted = new Set<string>()
  /** Which code went to whom for which record, as the inbox knows it. */
  readonly delivered = new Map<string, { code: string; to: string }>()
  readonly clientId: string

  constructor(server: Launched, clientId: string, index: number) {
    this.server = server
    this.clientId = clientId
    const phone = (offset: number) => `86138001380${String(2 * index + offset).padStart(2, '0')}`
    this.identifiers = [
      { type: 'phone', value: phone(0) },
      { type: 'phone', value: phone(1) },
      { type: 'email', value: `first${index}@example.com` },
      { type: 'email', value: `second${index}@example.com` },
    ]
  }

  async begin(): Promise<void> {
    const { manage } = this.server
    const [known, , mail] = this.identifiers
    const owners = [
      { primaryPhone: known!.value, password: PASSWORDS[0] },
      { primaryEmail: mail!.value, password: PASSWORDS[1] },
    ]
    for (const owner of owners) expect((await manage('POST', '/api/users', owner)).status).toBe(200)
    for (let each = 0; each < 3; each += 1) {
      const browser = new Browser(this.server.endpoint)
      this.visitors.push({
        browser,
        event: undefined,
        records: [],
        proven: new Map(),
        userId: undefined,
        redirectTo: undefined,
      })
      await this.knock(this.visitors[each]!)
    }
  }

  /** A new authorization request: a new interaction, about which nothing is known. */
  async knock(visitor: Believed): Promise<void> {
    visitor.browser.cookies.clear()
    await visitor.browser.authorize(this.clientId, CALLBACK, {})
    this.forget(visitor, undefined)
  }

  forget(visitor: Believed, event: Event | undefined): void {
    Object.assign(visitor, {
      event,
      records: [],
      proven: new Map(),
      userId: undefined,
      redirectTo: undefined,
    })
  }

  async take(step: Step): Promise<void> {
    const visitor = this.visitors[step.visitor]!
    const call = async (method: string, path: string, body?: unknown) => {
      const answer = await visitor.browser.experience(method, path, body)
      expect(answer.status, `${method} ${path} ${JSON.stringify(body)}: ${answer.text}`).toBeLessThan(500)
      if (answer.status >= 400) {
        seen.refused += 1
        expect(answer.json).toMatchObject({ code: expect.any(String), message: expect.any(String) })
      }
      return answer
    }
    // An id of another visitor's interaction is worth nothing here, and is tried too.
    const ids = [...visitor.records, ...this.visitors.flatMap(each => each.records)]
    const recordAt = (index: number) => ids[index % Math.max(ids.length, 1)] ?? 'no-such-record'

    switch (step.do) {
      case 'start': {
        await call('PUT', '', { interactionEvent: step.event })
        this.forget(visitor, step.event)
        break
      }
      case 'change': {
        const { status } = await call('PUT', '/interaction-event', { interactionEvent: step.event })
        if (status === 204) visitor.event = step.event
        break
      }
      case 'ask':
        await this.ask(visitor, this.identifiers[step.whom]!, step.event, call)
        break
      case 'answer':
        await this.answer(visitor, recordAt(step.record), step, call)
        break
      case 'password': {
        const identifier = this.identifiers[step.whom]!
        const password = step.right ? PASSWORDS[step.whom === 0 ? 0 : 1] : 'wrong password'
        const { status, json } = await call('POST', '/verification/password', { identifier, password })
        if (status !== 200) break
        seen.passwords += 1
        expect(step.right).toBe(true)
        visitor.records.unshift(json.verificationId)
        visitor.proven.set(json.verificationId, identifier)
        break
      }
      case 'name': {
        const identifier = { type: 'username' as const, value: `name_${step.whom}` }
        const body = { identifier, password: PASSWORDS[2] }
        const { status, json } = await call('POST', '/verification/new-password-identity', body)
        if (status !== 200) break
        visitor.records.unshift(json.verificationId)
        visitor.proven.set(json.verificationId, identifier)
        break
      }
      case 'identify':
        await this.identify(visitor, step.record === undefined ? undefined : recordAt(step.record), call)
        break
      case 'stage': {
        const verificationId = recordAt(step.record)
        const value = step.what === 'password' ? PASSWORDS[2] : `name_${step.record}`
        const { status } = await call('POST', '/profile', { type: step.what, value, verificationId })
        if (status === 204 && (step.what === 'email' || step.what === 'phone'))
          expect(visitor.proven.get(verificationId)?.type).toBe(step.what)
        break
      }
      case 'reset':
        await call('PUT', '/profile/password', { password: PASSWORDS[2] })
        break
      case 'submit': {
        const { status, json } = await call('POST', '/submit')
        if (status >= 400) break
        expect(visitor.userId, 'nobody is signed in without a proof').toBeDefined()
        if (status === 204) {
          seen.reset += 1
          this.forget(visitor, undefined)
        } else visitor.redirectTo = json.redirectTo
        break
      }
      case 'follow':
        await this.follow(visitor)
        break
      case 'look': {
        const { status, json } = await call('GET', '/interaction')
        if (status === 200) expect(json.userId).toBe(visitor.userId)
        break
      }
    }
  }

  async ask(visitor: Believed, identifier: Identifier, event: Event, call: Call): Promise<void> {
    const { clouds } = this.server
    const before = clouds.inbox.messages().length
    const body = { identifier, interactionEvent: event }
    const { status, json } = await call('POST', '/verification/verification-code', body)
    if (status !== 200) return
    const id: string = json.verificationId
    expect(visitor.records).not.toContain(id)
    visitor.records.unshift(id)
    // Sent after the answer where the answer must not tell of an account.
    await this.server.app.settled()
    const [message] = clouds.inbox.messages()
    if (clouds.inbox.messages().length > before && message?.code)
      this.delivered.set(id, { code: message.code, to: identifier.value })
  }

  async answer(
    visitor: Believed,
    verificationId: string,
    step: { code: number; whom?: number | undefined },
    call: Call,
  ): Promise<void> {
    const codes = [...this.delivered.values()].reverse()
    const sent = this.delivered.get(verificationId)
    const code = step.code < 2 ? (sent?.code ?? '000000') : (codes[step.code]?.code ?? '')
    const identifier =
      step.whom === undefined
        ? (this.identifiers.find(each => each.value === sent?.to) ?? this.identifiers[1]!)
        : this.identifiers[step.whom]!
    const body = { identifier, verificationId, code }
    const { status } = await call('POST', '/verification/verification-code/verify', body)
    if (status !== 200) return
    seen.codes += 1
    expect(visitor.records, 'a record serves its own interaction only').toContain(verificationId)
    expect(sent, 'only a code that was sent is accepted').toEqual({ code, to: identifier.value })
    expect(this.accepted, 'no code is accepted twice').not.toContain(verificationId)
    this.accepted.add(verificationId)
    visitor.proven.set(verificationId, identifier)
  }

  async identify(visitor: Believed, verificationId: string | undefined, call: Call): Promise<void> {
    const { status, json } = await call('POST', '/identification', { verificationId })
    if (status === 404 && json.code === 'user.user_not_exist')
      expect(json.data.identifier).toBe(visitor.proven.get(verificationId!)?.value)
    if (status >= 400) return
    const { json: now } = await call('GET', '/interaction')
    if (status === 204) {
      const proof = visitor.proven.get(verificationId!)
      expect(proof, 'nobody is identified without a verified identifier').toBeDefined()
      expect(await this.ownerOf(proof!)).toBe(now.userId)
      seen.identified += 1
    } else seen.registered += 1
    visitor.userId = now.userId
  }

  /** To the application, and there the code against tokens: they must be those of the user who was proven. */
  async follow(visitor: Believed): Promise<void> {
    const { redirectTo, userId, browser } = visitor
    if (!redirectTo) return
    browser.leftTo = undefined
    const answer = await browser.open(redirectTo)
    expect(answer.status).toBeLessThan(500)
    const left: URL | undefined = browser.leftTo
    const code = (left as URL | undefined)?.searchParams.get('code')
    if (code) {
      const tokens = await fetch(`${this.server.endpoint}/oidc/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'authorization_code',
          client_id: this.clientId,
          redirect_uri: CALLBACK,
          code,
          code_verifier: VERIFIER,
        }),
      })
      const body = (await tokens.json()) as { id_token: string }
      expect(tokens.status, JSON.stringify(body)).toBe(200)
      expect(decodeJwt(body.id_token).sub, 'the session is that of the proven user').toBe(userId)
      seen.tokens += 1
    }
    await this.knock(visitor)
  }

  async ownerOf({ type, value }: Identifier): Promise<string | undefined> {
    return (await this.users()).find(user => user[FIELDS[type]] === value)?.id
  }

  async users() {
    const answer = await this.server.manage('GET', '/api/users?page_size=100')
    return (await answer.json()) as {
      id: string
      username: string | null
      primaryEmail: string | null
      primaryPhone: string | null
    }[]
  }

  async nobodySharesAnIdentifier(): Promise<void> {
    const users = await this.users()
    for (const field of Object.values(FIELDS)) {
      const held = users.map(user => user[field]).filter(value => value !== null)
      expect(new Set(held).size, `two owners of one ${field}`).toBe(held.length)
    }
    for (const user of users)
      expect(user.username ?? user.primaryEmail ?? user.primaryPhone, 'an empty account').not.toBeNull()
  }
}

type Call = (method: string, path: string, body?: unknown) => ReturnType<Browser['experience']>

const FIELDS = { username: 'username', email: 'primaryEmail', phone: 'primaryPhone' } as const

eachServerDatabase('any sequence of calls to the Experience API', fresh => {
  test('signs nobody in without a proof, gives no identifier two owners, takes no code twice and never fails', async () => {
    const server = await launch(await fresh())
    await server.connect('aliyun-sms')
    await server.connect('aliyun-dm')
    const method = { password: true, verificationCode: true, isPasswordPrimary: false }
    const settings = await server.manage('PATCH', '/api/sign-in-exp', {
      signUp: {
        identifiers: ['email', 'phone'],
        password: false,
        verify: true,
      },
      signIn: {
        methods: (['phone', 'email', 'username'] as const)
          .map(identifier => ({ identifier, ...method }))
          .map(each => (each.identifier === 'username' ? { ...each, verificationCode: false } : each)),
      },
      forgotPasswordMethods: ['PhoneVerificationCode', 'EmailVerificationCode'],
      verificationCodePolicy: { expirationDuration: 3600 },
      passwordPolicy: { rejects: { pwned: false } },
    })
    expect(settings.status, await settings.clone().text()).toBe(200)
    const application = await server.manage('POST', '/api/applications', {
      name: 'Of all sequences',
      type: 'SPA',
      oidcClientMetadata: { redirectUris: [CALLBACK], postLogoutRedirectUris: [] },
    })
    const { id } = (await application.json()) as { id: string }

    let index = 0
    await fc.assert(
      fc.asyncProperty(sequence, async steps => {
        const run = new Run(server, id, index)
        index += 1
        await run.begin()
        for (const each of steps) await run.take(each)
        await run.nobodySharesAnIdentifier()
      }),
      { numRuns: 10, endOnFailure: true, examples: [[EVERYTHING_ONCE]] },
    )
    for (const [what, times] of Object.entries(seen)) expect(times, what).toBeGreaterThan(0)
  }, 120_000)
})
