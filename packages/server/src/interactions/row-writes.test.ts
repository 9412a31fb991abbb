import { expect, test } from 'vitest'
import type { Browser, Seen } from '../testing/browser.ts'
import type { Launched } from '../testing/launch.ts'
import { askForCode, go, INBOX, PASSWORD, PHONE, pathOf, ready, TYPED, wrongFor } from '../testing/visitor.ts'
import { createWitness } from '../testing/witness.ts'

const witness = createWitness()

/** However much one form does: once before a message leaves or a login is finished, and once after. */
const MOST = 2

/** Posts a form and counts what its one request did to the row. */
async function counted(
  server: Launched,
  visitor: Browser,
  page: Seen,
  ...[fields, index = 0]: [fields: Record<string, string>, index?: number]
): Promise<Seen> {
  visitor.follows = false
  const { result, work } = await witness.watch(server.app, () => visitor.submit(page, fields, index))
  const writes = work.all.filter(sql => /^(insert into|update) "interactions"/.test(sql)).length
  const reads = work.all.filter(sql => /^select .*"interactions"/.test(sql)).length
  expect.soft(writes, `writes of ${pathOf(page)}`).toBeLessThanOrEqual(MOST)
  expect.soft(reads, `reads of ${pathOf(page)}`).toBe(1)
  visitor.follows = true
  return visitor.open(result.url)
}

test('no form post reads the row of its visit twice or writes it more than twice', async () => {
  const server = await ready({
    signUp: {
      identifiers: ['username'],
      password: true,
      verify: false,
      secondaryIdentifiers: [{ identifier: 'phone', verify: true }],
    },
    signIn: {
      methods: (['username', 'phone'] as const).map(identifier => ({
        identifier,
        password: true,
        verificationCode: identifier === 'phone',
        isPasswordPrimary: false,
      })),
    },
  })
  let visitor = await server.visit()
  const post = (page: Seen, fields: Record<string, string>) => counted(server, visitor, page, fields)
  const name = { kind: 'username', value: 'somebody' }
  const password = { password: PASSWORD, repeat: PASSWORD }

  const named = await post(await go(visitor, '/register'), name)
  const differing = await post(named, { password: PASSWORD, repeat: 'another passphrase' })
  const missing = await post(differing, password)
  server.clouds.control.setFault({ code: 'isv.BLACK_KEY_CONTROL_LIMIT' })
  const refused = await post(missing, TYPED)
  server.clouds.control.setFault(null)
  const asked = await post(refused, TYPED)
  const wrong = await post(asked, { code: wrongFor(server.codeFor(INBOX)) })
  await post(wrong, { code: server.codeFor(INBOX) })
  expect(visitor.leftTo?.searchParams.get('code')).toBeTruthy()

  visitor = await server.visit()
  const reset = await post(await go(visitor, '/reset-password'), TYPED)
  await server.app.settled()
  const renewed = await post(reset, { code: server.codeFor(INBOX) })
  const fresh = { password: 'another good passphrase', repeat: 'another good passphrase' }
  await post(renewed, fresh)
  const byPassword = await post(await go(visitor, '/sign-in'), { ...name })
  await post(byPassword, { password: fresh.password })
  expect(visitor.leftTo?.searchParams.get('code')).toBeTruthy()
})

test('a form that meets the pause is no exception, and the code that is out can still be entered', async () => {
  const server = await ready({ verificationCodePolicy: {} })
  await server.manage('POST', '/api/users', { primaryPhone: PHONE })
  const visitor = await server.visit()
  const asked = await askForCode(visitor)
  const other = await server.visit()
  const refused = await counted(server, other, await go(other, '/sign-in'), TYPED)
  expect(pathOf(refused)).toBe('/sign-in')
  await counted(server, visitor, asked, {}, 1)
  await visitor.submit(await go(visitor, '/sign-in/code'), { code: server.codeFor(INBOX) })
  expect(visitor.leftTo?.searchParams.get('code')).toBeTruthy()
})
