import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test, vi } from 'vitest'
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
 *
 * Requests follow each other at once, as they do at a busy server. Entries of the audit log that come within a fifth of
 * a second are one statement, so all of a sign-in count as one here, however slow the machine is that runs this.
 */
const MOST: Record<string, { statements: number; writes: number }> = {
  'signing in by the Experience API, in six requests': { statements: 23, writes: 12 },
  'signing in and getting tokens, in ten requests': { statements: 34, writes: 17 },
  'asking for a code on the hosted page': { statements: 7, writes: 5 },
  'checking a code on the hosted page': { statements: 8, writes: 5 },
}

type Figures = { statements: number; writes: number; each: string }

/** Does something at a server and counts. */
async function count<T>(server: Launched, act: () => Promise<T>): Promise<{ result: T } & Figures> {
  const { result, work } = await witness.watch(server.app, act)
  const entries = work.all.filter(each => each.startsWith('insert into "audit_logs"'))
  const statements = [
    ...work.all.filter(each => !/^(begin|commit|rollback)\b/.test(each) && !entries.includes(each)),
    ...entries.slice(0, 1),
  ]
  const writes = statements.filter(each => /^(insert|update|delete)\b/.test(each))
  return { result, statements: statements.length, writes: writes.length, each: statements.join('\n') }
}

/** A user's sign-in by code: six requests up to the submission. Returns where it goes on. */
async function signIn(server: Launched, browser: Browser) {
  const query = new URLSearchParams({
    client_id: browser.applicationId!,
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
  await browser.open(`/oidc/auth?${query}`)
  await browser.experience('PUT', '', { interactionEvent: 'SignIn' })
  const sent = await browser.experience('POST', path, { identifier, interactionEvent: 'SignIn' })
  const { verificationId } = sent.json
  const code = server.codeFor(INBOX)
  await browser.experience('POST', `${path}/verify`, { identifier, verificationId, code })
  await browser.experience('POST', '/identification', { verificationId })
  const submitted = await browser.experience('POST', '/submit')
  expect(submitted.status).toBe(200)
  return submitted.json.redirectTo as string
}

/** The four requests from there up to the tokens. */
async function getTokens(server: Launched, browser: Browser, address: string) {
  const consent = await browser.open(address)
  const resume = await browser.open(consent.url)
  const back = await browser.open(resume.url)
  const token = await fetch(`${server.endpoint}/oidc/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: browser.applicationId!,
      redirect_uri: CALLBACK,
      code: new URL(back.url).searchParams.get('code')!,
      code_verifier: 'verifier-of-test-verifier-of-test-verifier-of-test',
    }),
  })
  expect(token.status, await token.text()).toBe(200)
}

/** Says what was counted, and fails when it was more than has been reached. */
function holds(what: string, { statements, writes, each }: Figures): void {
  const most = MOST[what]!
  console.info(`${what}: ${statements} statements, ${writes} writes`)
  expect.soft(statements, `${what}: statements\n${each}`).toBeLessThanOrEqual(most.statements)
  expect.soft(writes, `${what}: writes\n${each}`).toBeLessThanOrEqual(most.writes)
}

eachServerDatabase('the statements of', fresh => {
  test('signing in are no more than were reached', async () => {
    const server = await ready({}, await fresh())
    await server.manage('POST', '/api/users', { primaryPhone: PHONE })
    const { applicationId } = await server.visit()
    const browser = () => Object.assign(new Browser(server.endpoint), { applicationId })
    const all = async () => {
      const visitor = browser()
      await getTokens(server, visitor, await signIn(server, visitor))
    }
    // The first loads what is remembered from then on and notes in the settings how long its tokens live; the second
    // loads anew what that made stale.
    await all()
    await all()
    holds(
      'signing in by the Experience API, in six requests',
      await count(server, () => signIn(server, browser())),
    )
    const prepare = vi.spyOn(DatabaseSync.prototype, 'prepare')
    onTestFinished(() => prepare.mockRestore())
    holds('signing in and getting tokens, in ten requests', await count(server, all))
    // Preparing costs SQLite more than running. How many entries of the audit log come together is never the same.
    const prepared = prepare.mock.calls.map(([statement]) => statement)
    expect(prepared.filter(statement => !statement.startsWith('insert into "audit_logs"'))).toEqual([])
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
      return [asked, checked]
    }
    await once()
    // The pause between two codes to one number is a part of what is counted.
    server.wait(61_000)
    const [asked, checked] = await once()
    holds('asking for a code on the hosted page', asked!)
    holds('checking a code on the hosted page', checked!)
  })
})
