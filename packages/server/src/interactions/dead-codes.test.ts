import { expect, onTestFinished, test } from 'vitest'
import { openDatabase } from '../db/database.ts'
import { eachServerDatabase } from '../db/testing.ts'
import type { Seen } from '../testing/browser.ts'
import {
  askForCode,
  fieldOf,
  go,
  headingOf,
  INBOX,
  noticeOf,
  PHONE,
  pathOf,
  ready,
  wrongFor,
} from '../testing/visitor.ts'

const POLICY = { verificationCodePolicy: { resendInterval: 0, expirationDuration: 60, maxRetryAttempts: 2 } }

/** A page that says why the code is over, asks for none, and offers a new one. */
function expectOver(page: Seen, sentence: string) {
  expect([page.status, pathOf(page), headingOf(page)]).toEqual([200, '/sign-in/code', 'Get a new code'])
  expect(noticeOf(page)).toBe(sentence)
  expect(page.text).not.toContain('name="code"')
  expect(page.text).not.toContain('It is valid for')
  expect(page.text).toContain('>Send a new code</button>')
}

test('a code that has expired hides its field, also for who only looks at the page, and a new one brings it back', async () => {
  const server = await ready(POLICY)
  await server.manage('POST', '/api/users', { primaryPhone: PHONE })
  const visitor = await server.visit()
  const page = await askForCode(visitor)
  server.wait(60_000)
  const over = await go(visitor, '/sign-in/code')
  expectOver(over, 'That code has expired. Ask for a new one.')
  expectOver(await visitor.submit(page, { code: '1' }), 'That code has expired. Ask for a new one.')
  const again = await visitor.submit(over, {})
  expect([headingOf(again), noticeOf(again)]).toEqual([
    'Enter the code',
    'A new code is on its way. Earlier codes no longer work.',
  ])
  expect(fieldOf(again, 'code')).toBe(undefined)
  expect(again.text).toContain('name="code"')
  await visitor.submit(again, { code: server.codeFor(INBOX) })
  expect(visitor.leftTo?.searchParams.get('code')).toBeTruthy()
})

test('a code without tries hides its field with the last of them, until a new one is sent', async () => {
  const server = await ready(POLICY)
  const visitor = await server.visit()
  const page = await askForCode(visitor)
  const code = server.codeFor(INBOX)
  expect((await visitor.submit(page, { code: wrongFor(code) })).text).toContain('name="code"')
  const exhausted = 'Too many wrong tries: this code no longer works. Ask for a new one.'
  expectOver(await visitor.submit(page, { code: wrongFor(code) }), exhausted)
  expectOver(await go(visitor, '/sign-in/code'), exhausted)
  // Neither nothing, nor a code of another length, nor the right one speaks of a field that is not there.
  for (const typed of ['', '1', code]) expectOver(await visitor.submit(page, { code: typed }), exhausted)
})

eachServerDatabase('on the page', fresh => {
  test('a code that was spent or taken away hides its field', async () => {
    const env = await fresh()
    const server = await ready(POLICY, env)
    const db = await openDatabase(env.DATABASE_URL ?? '', env.DATA_DIR ?? '')
    onTestFinished(() => db.destroy())
    const visitor = await server.visit()
    await askForCode(visitor)
    await db.updateTable('codes').set({ consumed_at: 1 }).execute()
    const used = 'That code has been used already. Ask for a new one.'
    const over = await go(visitor, '/sign-in/code')
    expectOver(over, used)
    expect((await visitor.submit(over, {})).text).toContain('name="code"')
    await db.deleteFrom('codes').execute()
    expectOver(await go(visitor, '/sign-in/code'), used)
  })
})

test('where a new one is refused too, the page says that, and not that a code may have arrived', async () => {
  const server = await ready(POLICY)
  const visitor = await server.visit()
  await askForCode(visitor)
  server.wait(60_000)
  const over = await go(visitor, '/sign-in/code')
  server.clouds.control.setFault({ code: 'isv.BUSINESS_LIMIT_CONTROL' })
  const refused = await visitor.submit(over, {})
  expect(noticeOf(refused)).toMatch(/^Too many messages were asked for\.(?! If)/)
  expect(refused.text).not.toContain('name="code"')
})

test('who has proved the number and goes back needs no other code', async () => {
  const server = await ready(POLICY)
  const visitor = await server.visit()
  const page = await askForCode(visitor)
  await visitor.submit(page, { code: server.codeFor(INBOX) })
  const back = await go(visitor, '/sign-in/code')
  expect(headingOf(back)).toBe('Enter the code')
  expect(pathOf(await visitor.submit(back, { code: '123456' }))).toBe('/sign-in/create')
})
