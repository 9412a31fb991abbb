import { expect, test } from 'vitest'
import { eachServerDatabase, type FreshSettings } from '../db/testing.ts'
import { Browser, type Seen } from '../testing/browser.ts'
import { type Launched, launch } from '../testing/launch.ts'
import { byPhone, go, INBOX, PASSWORD, PHONE, TYPED } from '../testing/visitor.ts'

const CALLBACK = 'https://app.example.com/callback'
const VERIFIER = 'verifier-of-test-verifier-of-test-verifier-of-test'
/** How often a race is run whose loser is not always the same. */
const ROUNDS = 12
const NAMES = ['familyName', 'givenName', 'middleName', 'locale']
const identifier = { type: 'phone', value: PHONE }

/** How often each of the values came. */
const tally = (values: unknown[]) =>
  Object.fromEntries([...new Set(values)].map(value => [value, values.filter(each => each === value).length]))

/** As many wrong codes as are wanted, none of them twice. */
const wrongCodes = (right: string, count: number) =>
  Array.from({ length: count + 1 }, (_, index) => String(index).padStart(6, '0'))
    .filter(code => code !== right)
    .slice(0, count)

eachServerDatabase('at the same moment', fresh => {
  /** A server, or two nodes on one PostgreSQL: SQLite has one. */
  async function nodes(settings: object = {}): Promise<[Launched, Launched]> {
    const { one, two } = await launchBoth(fresh)
    await one.connect('aliyun-sms')
    const answer = await one.manage('PATCH', '/api/sign-in-exp', { ...byPhone, ...settings })
    if (answer.status !== 200) throw new Error(await answer.text())
    return [one, two]
  }

  /** The same visitor at the other node: a load balancer sends their requests here and there. */
  function sameAt(server: Launched, visitor: Browser): Browser {
    const there = new Browser(server.endpoint)
    for (const [key, cookie] of visitor.cookies) there.cookies.set(key, cookie)
    there.applicationId = visitor.applicationId
    return there
  }

  async function withCode(one: Launched, event: string, number = PHONE) {
    const visitor = await one.visit()
    await visitor.experience('PUT', '', { interactionEvent: event })
    const asked = await visitor.experience('POST', '/verification/verification-code', {
      identifier: { type: 'phone', value: number },
      interactionEvent: event,
    })
    expect(asked.status).toBe(200)
    return { visitor, verificationId: asked.json.verificationId as string, code: one.codeFor(`+${number}`) }
  }

  test('guesses get exactly the tries of the policy, whichever node they reach, and then the right code is worth nothing', async () => {
    const [one, two] = await nodes({ verificationCodePolicy: { resendInterval: 0, maxRetryAttempts: 5 } })
    const { visitor, verificationId, code } = await withCode(one, 'SignIn')
    const both = [visitor, sameAt(two, visitor)]
    const answers = await Promise.all(
      wrongCodes(code, 60).map((guess, index) =>
        both[index % 2]!.experience('POST', '/verification/verification-code/verify', {
          identifier,
          verificationId,
          code: guess,
        }),
      ),
    )
    expect(tally(answers.map(({ json }) => json.code))).toEqual({
      'verification_code.code_mismatch': 5,
      'verification_code.exceed_max_try': 55,
    })
    expect(
      await visitor.experience('POST', '/verification/verification-code/verify', {
        identifier,
        verificationId,
        code,
      }),
    ).toMatchObject({ json: { code: 'verification_code.exceed_max_try' } })
  })

  test('guesses by REST get exactly the tries of the policy, and of many right answers one is accepted', async () => {
    const [one, two] = await nodes({ verificationCodePolicy: { resendInterval: 0, maxRetryAttempts: 5 } })
    const ask = () => one.manage('POST', '/api/verification-codes', { phone: PHONE })
    const check = async (index: number, verificationCode: string) => {
      const answer = await [one, two][index % 2]!.manage('POST', '/api/verification-codes/verify', {
        phone: PHONE,
        verificationCode,
      })
      return answer.status === 204 ? 'accepted' : ((await answer.json()) as { code: string }).code
    }
    await two.manage('GET', '/api/connectors')
    expect((await ask()).status).toBe(204)
    const guesses = wrongCodes(one.codeFor(INBOX), 60)
    expect(tally(await Promise.all(guesses.map((guess, index) => check(index, guess))))).toEqual({
      'verification_code.code_mismatch': 5,
      'verification_code.exceed_max_try': 55,
    })
    expect((await ask()).status).toBe(204)
    const code = one.codeFor(INBOX)
    const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => check(index, code)))
    expect(tally(answers)).toEqual({ accepted: 1, 'verification_code.not_found': 19 })
  })

  test('one code buys one session, however often it is brought', async () => {
    const [one, two] = await nodes()
    const created = await one.manage('POST', '/api/users', { primaryPhone: PHONE })
    const { id: userId } = (await created.json()) as { id: string }
    const { visitor, verificationId, code } = await withCode(one, 'SignIn')
    const both = [visitor, sameAt(two, visitor)]
    const all = <T>(act: (browser: Browser, index: number) => Promise<T>) =>
      Promise.all(Array.from({ length: 12 }, (_, index) => act(both[index % 2]!, index)))

    const verified = await all(browser =>
      browser.experience('POST', '/verification/verification-code/verify', {
        identifier,
        verificationId,
        code,
      }),
    )
    expect(tally(verified.map(({ status, json }) => (status === 200 ? 200 : json.code)))).toEqual({
      200: 1,
      'verification_code.not_found': 11,
    })
    await all(browser => browser.experience('POST', '/identification', { verificationId }))
    const submitted = await all(browser => browser.experience('POST', '/submit'))
    for (const { status } of submitted) expect(status).toBeLessThan(500)
    const addresses = new Set(submitted.flatMap(({ json }) => json.redirectTo ?? []))
    expect(addresses.size).toBe(1)

    // The browser follows it in several tabs at once.
    const path = new URL([...addresses][0] as string).pathname
    const tabs = both.flatMap(browser => Array.from({ length: 4 }, () => sameAtOwn(browser)))
    const ends = await Promise.all(tabs.map(tab => followed(one, tab, () => tab.open(path))))
    for (const { status } of ends) expect(status).toBeLessThan(500)
    const codes = tabs.flatMap(tab => tab.leftTo?.searchParams.get('code') ?? [])
    expect(codes).toHaveLength(1)
    const sessions = await one.manage('GET', `/api/users/${userId}/sessions`)
    expect(((await sessions.json()) as { sessions: unknown[] }).sessions).toHaveLength(1)

    const redeem = (server: Launched) =>
      fetch(`${server.endpoint}/oidc/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'authorization_code',
          client_id: visitor.applicationId,
          redirect_uri: CALLBACK,
          code: codes[0]!,
          code_verifier: VERIFIER,
        }),
      })
    const redeemed = await Promise.all(
      Array.from({ length: 10 }, (_, index) => redeem([one, two][index % 2]!)),
    )
    expect(redeemed.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1)
    expect(redeemed.every(({ status }) => status === 200 || status === 400)).toBe(true)
  })

  test('the same form sent many times signs in once', async () => {
    const [one, two] = await nodes()
    const created = await one.manage('POST', '/api/users', { primaryPhone: PHONE })
    const { id: userId } = (await created.json()) as { id: string }
    const visitor = await one.visit()
    const page = await visitor.submit(await go(visitor, '/sign-in'), TYPED)
    const code = one.codeFor(INBOX)
    const tabs = Array.from({ length: 10 }, (_, index) => sameAt([one, two][index % 2]!, visitor))
    const ends = await Promise.all(
      tabs.map(tab =>
        followed(one, tab, () =>
          tab.submit({ ...page, url: page.url.replace(one.endpoint, tab.endpoint) }, { code }),
        ),
      ),
    )
    for (const { status } of ends) expect(status).toBeLessThan(500)
    expect(tabs.filter(tab => tab.leftTo?.searchParams.has('code'))).toHaveLength(1)
    const sessions = await one.manage('GET', `/api/users/${userId}/sessions`)
    expect(((await sessions.json()) as { sessions: unknown[] }).sessions).toHaveLength(1)
  })

  test('two who proved one number become one account', async () => {
    const [one, two] = await nodes()
    const first = await withCode(one, 'Register')
    const second = await withCode(two, 'Register')
    for (const { visitor, verificationId, code } of [first, second])
      expect(
        await visitor.experience('POST', '/verification/verification-code/verify', {
          identifier,
          verificationId,
          code,
        }),
      ).toMatchObject({ status: 200 })
    const answers = await Promise.all(
      [first, second, first, second].map(({ visitor, verificationId }) =>
        visitor.experience('POST', '/identification', { verificationId }),
      ),
    )
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    for (const { status } of answers) expect(status).toBeLessThan(500)
    expect((await one.manage('GET', '/api/users')).headers.get('total-number')).toBe('1')
  })

  test('a double click at a registration strands nobody: who is registered can finish', async () => {
    const [one, two] = await nodes()
    const ends = []
    for (let round = 0; round < ROUNDS; round += 1) {
      const number = `8613800138${String(round).padStart(3, '0')}`
      const { visitor, verificationId, code } = await withCode(one, 'Register', number)
      const verified = await visitor.experience('POST', '/verification/verification-code/verify', {
        identifier: { type: 'phone', value: number },
        verificationId,
        code,
      })
      expect(verified.status).toBe(200)
      const clicks = await Promise.all(
        [visitor, sameAt(two, visitor)].map(browser =>
          browser.experience('POST', '/identification', { verificationId }),
        ),
      )
      expect(clicks.filter(({ status }) => status === 201)).toHaveLength(1)
      const submitted = await visitor.experience('POST', '/submit')
      ends.push(submitted.status === 200 ? 200 : submitted.json.code)
    }
    expect(tally(ends)).toEqual({ 200: ROUNDS })
  })

  test('the last form of a registration, sent twice, registers and signs in', async () => {
    const [one, two] = await nodes()
    for (let round = 0; round < ROUNDS / 2; round += 1) {
      const digits = `138001380${round + 10}`
      const visitor = await one.visit()
      const typed = { ...TYPED, value: digits }
      const page = await visitor.submit(await go(visitor, '/register'), typed)
      const code = one.codeFor(`+86${digits}`)
      const tabs = [visitor, sameAt(two, visitor)]
      await Promise.all(
        tabs.map(tab =>
          followed(one, tab, () =>
            tab.submit({ ...page, url: page.url.replace(one.endpoint, tab.endpoint) }, { code }),
          ),
        ),
      )
      expect(tabs.filter(tab => tab.leftTo?.searchParams.has('code'))).toHaveLength(1)
    }
    expect((await one.manage('GET', '/api/users')).headers.get('total-number')).toBe(String(ROUNDS / 2))
  })

  test('a submission takes nothing away that the Management API writes at the same moment', async () => {
    const [one, two] = await nodes()
    for (let round = 0; round < ROUNDS; round += 1) {
      const number = `8613800138${String(round).padStart(3, '0')}`
      const created = await one.manage('POST', '/api/users', { primaryPhone: number })
      const { id } = (await created.json()) as { id: string }
      const { visitor, verificationId, code } = await withCode(one, 'SignIn', number)
      await visitor.experience('POST', '/verification/verification-code/verify', {
        identifier: { type: 'phone', value: number },
        verificationId,
        code,
      })
      await visitor.experience('POST', '/identification', { verificationId })
      const staged = { type: 'extraProfile', values: { visit: 1, nickname: 'A' } }
      expect((await visitor.experience('POST', '/profile', staged)).status).toBe(204)
      const writes = Array.from({ length: 8 }, (_, index) =>
        index % 2
          ? two.manage('PATCH', `/api/users/${id}/custom-data`, { customData: { [`back${index}`]: index } })
          : two.manage('PATCH', `/api/users/${id}/profile`, { profile: { [NAMES[index / 2]!]: 'B' } }),
      )
      const submitted = visitor.experience('POST', '/submit')
      expect((await submitted).status).toBe(200)
      expect((await Promise.all(writes)).map(({ status }) => status)).toEqual(Array(8).fill(200))
      const { customData, profile } = (await (await one.manage('GET', `/api/users/${id}`)).json()) as {
        customData: object
        profile: object
      }
      expect(customData).toEqual({ visit: 1, back1: 1, back3: 3, back5: 5, back7: 7 })
      expect(profile).toEqual({ nickname: 'A', ...Object.fromEntries(NAMES.map(name => [name, 'B'])) })
    }
  })

  test('a recipient gets as many messages as the guard allows and no more', async () => {
    const [one, two] = await nodes()
    await two.manage('GET', '/api/connectors')
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        [one, two][index % 2]!.manage('POST', '/api/verification-codes', { phone: PHONE }),
      ),
    )
    expect(tally(answers.map(({ status }) => status))).toEqual({ 204: 10, 429: 20 })
    const sent = [one, ...(one === two ? [] : [two])].flatMap(({ clouds }) => clouds.inbox.messages())
    expect(sent).toHaveLength(10)
  })

  test('wrong passwords are heard out until the lock, then refused', async () => {
    const [one, two] = await nodes({ sentinelPolicy: { maxAttempts: 5 } })
    await one.manage('POST', '/api/users', { primaryPhone: PHONE, password: PASSWORD })
    const visitor = await one.visit()
    await visitor.experience('PUT', '', { interactionEvent: 'SignIn' })
    const both = [visitor, sameAt(two, visitor)]
    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, index) =>
        both[index % 2]!.experience('POST', '/verification/password', {
          identifier,
          password: `wrong ${index}`,
        }),
      ),
    )
    const told = tally(answers.map(({ json }) => json.code))
    // The fifth failure locks. Those that arrive together may all be counted before any is answered.
    expect(told['session.invalid_credentials'] ?? 0).toBeLessThan(5)
    expect(told['session.verification_blocked_too_many_attempts']).toBeGreaterThan(11)
    expect(
      await visitor.experience('POST', '/verification/password', { identifier, password: PASSWORD }),
    ).toMatchObject({ json: { code: 'session.verification_blocked_too_many_attempts' } })
  })
})

/**
 * What a browser comes to in the end. The second node sends it to the name that both have, under which only the
 * first one listens here.
 */
async function followed(one: Launched, tab: Browser, begin: () => Promise<Seen>): Promise<Seen> {
  let end = await begin()
  while (tab.endpoint !== one.endpoint && tab.leftTo?.origin === one.endpoint) {
    const { pathname, search } = tab.leftTo
    tab.leftTo = undefined
    end = await tab.open(pathname + search)
  }
  return end
}

/** Another tab of the same browser. */
function sameAtOwn(browser: Browser): Browser {
  const tab = new Browser(browser.endpoint)
  for (const [key, cookie] of browser.cookies) tab.cookies.set(key, cookie)
  return tab
}

async function launchBoth(fresh: FreshSettings): Promise<{ one: Launched; two: Launched }> {
  const settings = await fresh()
  const one = await launch(settings)
  // Both are known to the world by one name; only where they listen differs.
  const two = settings.DATABASE_URL ? await launch({ ...settings, ENDPOINT: one.endpoint }) : one
  return { one, two }
}
