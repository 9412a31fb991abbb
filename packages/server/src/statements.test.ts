import { expect, test } from 'vitest'
import { eachServerDatabase } from './db/testing.ts'
import { Browser } from './testing/browser.ts'
import type { Launched } from './testing/launch.ts'
import { go, INBOX, PHONE, ready, TYPED } from './testing/visitor.ts'
import { createWitness } from './testing/witness.ts'

const witness = createWitness()
const identifier = { type: 'phone', value: PHONE }
const CALLBACK = 'https://app.example.com/callback'

/**
 * What a visitor's way through the server costs: statements up to the answer and after it, and how many of them write.
 * These are the figures that are reached, on either database; who lowers one writes the lower one here, so that it
 * stays. Of a transaction, its statements count and `begin` and `commit` do not.
 */
const MOST: Record<string, { statements: number; writes: number }> = {
  'signing in by the Experience API, in six requests': { statements: 34, writes: 18 },
  'signing in and getting tokens, in ten requests': { statements: 63, writes: 34 },
  'asking for a code on the hosted page': { statements: 9, writes: 7 },
  'checking a code on the hosted page': { statements: 10, writes: 5 },
}

type Figures = { statements: number; writes: number }

/** Does something at a server and counts. */
async function count<T>(server: Launched, act: () => Promise<T>): Promise<{ result: T } & Figures> {
  const { result, work } = await witness.watch(server.app, act)
  const statements = work.all.filter(each => !/^(begin|commit|rollback)\b/.test(each))
  const writes = statements.filter(each => /^(insert|update|delete)\b/.test(each))
  return { result, statements: statements.length, writes: writes.length }
}

/** A user's sign-in by code, request by request: six up to the submission, four more up to the tokens. */
async function signIn(server: Launched, applicationId: string, counts = true) {
  const browser = new Browser(server.endpoint)
  browser.applicationId = applicationId
  const query = new URLSearchParams({
    client_id: applicationId,
    redirect_uri: CALLBACK,
    response_type: 'code',
    scope: 'openid profile email phone offline_access',
    prompt: 'consent',
    state: 'state-of-test',
    // BASE64URL(SHA256('verifier-of-test-verifier-of-test-verifier-of-test'))
    code_challenge: 'Dnlg0lIM9kvc1y-FRqNIka8znqXeMCSKSgGQDP7XxfU',
    code_challenge_method: 'S256',
  })
  browser.follows = false
  const path = '/verification/verification-code'
  const figures: (Figures & { request: string })[] = []
  async function step<T>(request: string, act: () => Promise<T>): Promise<T> {
    if (!counts) return act()
    const { result, ...counted } = await count(server, act)
    figures.push({ request, ...counted })
    return result
  }
  await step('GET /oidc/auth', () => browser.open(`/oidc/auth?${query}`))
  await step('PUT /', () => browser.experience('PUT', '', { interactionEvent: 'SignIn' }))
  const sent = await step('POST verification-code', () =>
    browser.experience('POST', path, { identifier, interactionEvent: 'SignIn' }),
  )
  const { verificationId } = sent.json
  const code = server.codeFor(INBOX)
  await step('POST verify', () =>
    browser.experience('POST', `${path}/verify`, { identifier, verificationId, code }),
  )
  await step('POST identification', () => browser.experience('POST', '/identification', { verificationId }))
  const submitted = await step('POST submit', () => browser.experience('POST', '/submit'))
  const consent = await step('GET /oidc/auth/…', () => browser.open(submitted.json.redirectTo))
  const resume = await step('GET /consent', () => browser.open(consent.url))
  const back = await step('GET /oidc/auth/…', () => browser.open(resume.url))
  const token = await step('POST /oidc/token', () =>
    fetch(`${server.endpoint}/oidc/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: applicationId,
        redirect_uri: CALLBACK,
        code: new URL(back.url).searchParams.get('code')!,
        code_verifier: 'verifier-of-test-verifier-of-test-verifier-of-test',
      }),
    }),
  )
  expect(token.status, await token.text()).toBe(200)
  return figures
}

const sum = (figures: readonly Figures[]): Figures => ({
  statements: figures.reduce((total, each) => total + each.statements, 0),
  writes: figures.reduce((total, each) => total + each.writes, 0),
})

/** Says what was counted, and fails when it was more than has been reached. */
function holds(what: string, { statements, writes }: Figures, each = ''): void {
  const most = MOST[what]!
  console.info(`${what}: ${statements} statements, ${writes} writes`)
  expect.soft(statements, `${what}: statements ${each}`).toBeLessThanOrEqual(most.statements)
  expect.soft(writes, `${what}: writes ${each}`).toBeLessThanOrEqual(most.writes)
}

eachServerDatabase('the statements of', fresh => {
  test('signing in are no more than were reached', async () => {
    const server = await ready({}, await fresh())
    await server.manage('POST', '/api/users', { primaryPhone: PHONE })
    const { applicationId } = await server.visit()
    // The first loads what is remembered from then on and notes in the settings how long its tokens live; the second
    // loads anew what that made stale.
    await signIn(server, applicationId, false)
    await signIn(server, applicationId, false)
    const figures = await signIn(server, applicationId)
    const each = JSON.stringify(figures, null, 1)
    holds('signing in by the Experience API, in six requests', sum(figures.slice(0, 6)), each)
    holds('signing in and getting tokens, in ten requests', sum(figures), each)
  })

  test('a code on the hosted page are no more than were reached', async () => {
    const server = await ready({ verificationCodePolicy: {} }, await fresh())
    await server.manage('POST', '/api/users', { primaryPhone: PHONE })
    const { applicationId } = await server.visit()
    /** Up to the page that asks for the code, following redirects but for the two posts that count. */
    async function once() {
      const visitor = new Browser(server.endpoint)
      await visitor.authorize(applicationId, CALLBACK, {})
      const page = await go(visitor, '/sign-in')
      visitor.follows = false
      const asked = await count(server, () => visitor.submit(page, TYPED))
      visitor.follows = true
      const codePage = await visitor.open(asked.result.url)
      visitor.follows = false
      const checked = await count(server, () => visitor.submit(codePage, { code: server.codeFor(INBOX) }))
      expect(checked.result.url).toContain('/oidc/auth/')
      return [asked, checked].map(({ statements, writes }) => ({ statements, writes }))
    }
    await once()
    // The pause between two codes to one number is a part of what is counted.
    server.wait(61_000)
    const [asked, checked] = await once()
    holds('asking for a code on the hosted page', asked!)
    holds('checking a code on the hosted page', checked!)
  })
})
