import { describe, expect, test } from 'vitest'
import { eachServerDatabase } from './db/testing.ts'
import { call, code } from './testing/calls.ts'
import { askForCode, fieldOf, go, noticeOf, pathOf, ready } from './testing/visitor.ts'

const byEmail = {
  signUp: { identifiers: ['email'], password: false, verify: true },
  signIn: {
    methods: [{ identifier: 'email', password: false, verificationCode: true, isPasswordPrimary: false }],
  },
}
const ADDRESS = 'ida@xn--bcher-kva.example.com'
const SPELLINGS = [
  'ida@bücher.example.com',
  'IDA@XN--Bcher-kva.example.com',
  'ida＠bücher．example.com',
  'i\u200Bda\u2060@bü\u00ADcher.example.com',
  '\u2066ida@bücher.example.com\u2069',
]

eachServerDatabase('a mailbox is one, however its address is written,', fresh => {
  test('for users who are created, found and changed', async () => {
    const server = await ready(byEmail, await fresh())
    const first = await call(server, 'POST', '/api/users', { primaryEmail: 'Ida@bücher.example.com' })
    expect(first.body.primaryEmail).toBe('Ida@xn--bcher-kva.example.com')
    for (const primaryEmail of SPELLINGS)
      expect(await call(server, 'POST', '/api/users', { primaryEmail }), primaryEmail).toMatchObject(
        code(422, 'user.email_already_in_use'),
      )
    const other = await call(server, 'POST', '/api/users', { primaryEmail: 'ida@example.com' })
    expect(
      await call(server, 'PATCH', `/api/users/${other.body.id}`, { primaryEmail: SPELLINGS[0] }),
    ).toMatchObject(code(422, 'user.email_already_in_use'))
  })

  test('for who registers by one spelling and signs in by another, on pages and in the Experience API', async () => {
    const server = await ready(byEmail, await fresh())
    const visitor = await server.visit()
    const asked = await askForCode(visitor, '/sign-in', { kind: 'email', value: SPELLINGS[2]! })
    expect([pathOf(asked), noticeOf(asked)]).toEqual(['/sign-in/code', 'The code is on its way.'])
    expect(asked.text).toContain('i***@xn--bcher-kva.example.com')
    expect(fieldOf(await go(visitor, '/sign-in'), 'value')).toBe(ADDRESS)
    const offered = await visitor.submit(asked, { code: server.codeFor(ADDRESS) })
    expect(offered.text).toContain(ADDRESS)
    await visitor.submit(offered, {})
    expect(visitor.leftTo?.searchParams.get('code')).toBeTruthy()

    const [known] = (await call(server, 'GET', '/api/users')).body
    expect(known.primaryEmail).toBe(ADDRESS)
    const again = await server.visit()
    await again.experience('PUT', '', { interactionEvent: 'SignIn' })
    const identifier = { type: 'email', value: SPELLINGS[0] }
    const sent = await again.experience('POST', '/verification/verification-code', {
      identifier,
      interactionEvent: 'SignIn',
    })
    const { verificationId } = sent.json as { verificationId: string }
    const proof = {
      verificationId,
      code: server.codeFor(ADDRESS),
      identifier: { ...identifier, value: SPELLINGS[4] },
    }
    expect((await again.experience('POST', '/verification/verification-code/verify', proof)).status).toBe(200)
    expect((await again.experience('POST', '/identification', { verificationId })).status).toBe(204)
    expect((await call(server, 'GET', '/api/users')).body).toHaveLength(1)
  })

  test('for the allowance of messages', async () => {
    const server = await ready(byEmail, await fresh())
    const answers: number[] = []
    for (let turn = 0; turn < 12; turn += 1) {
      const email = SPELLINGS[turn % SPELLINGS.length]
      answers.push((await call(server, 'POST', '/api/verification-codes', { email })).status)
    }
    expect(answers).toEqual([...Array(10).fill(204), 429, 429])
    expect(new Set(server.clouds.inbox.messages().map(({ to }) => to.toLowerCase()))).toEqual(
      new Set([ADDRESS]),
    )
  })
})

describe('an address that no mail server could take', () => {
  test('is refused by the interfaces, which say what is wrong with it', async () => {
    const server = await ready(byEmail)
    for (const [email, said] of [
      ['a..b@example.com', 'two in a row'],
      ['a,b@example.com', 'must not have "," before the @'],
      ['a@exa_mple-.com', 'a domain after the @'],
    ] as const) {
      const answer = await call(server, 'POST', '/api/verification-codes', { email })
      expect(answer).toMatchObject(code(400, 'guard.invalid_input'))
      expect(answer.body.details).toContain(`"email": (custom) `)
      expect(answer.body.details).toContain(said)
    }
    expect(server.clouds.inbox.messages()).toEqual([])
  })

  test('nor is one stored that came in another encoding than UTF-8', async () => {
    const server = await ready(byEmail)
    const visitor = await server.visit()
    const page = await go(visitor, '/sign-in')
    const [, action = ''] = /<form[^>]*action="([^"]+)"/.exec(page.text) ?? []
    const seen = await visitor.open(new URL(action.replaceAll('&amp;', '&'), page.url).href, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'kind=email&value=%CD%F5@example.com',
    })
    expect(seen.status).toBe(400)
  })

  test('is refused on the page, with a sentence of ours, and stays in its field', async () => {
    const server = await ready(byEmail)
    const visitor = await server.visit()
    for (const [value, sentence] of [
      ['ivo', 'This does not look like an email address. It should be like name@example.com.'],
      [
        'ivo@example..com',
        'What stands after the @ is not a domain that mail can go to. It should be like name@example.com.',
      ],
      ['i;vo@example.com', 'Before the @ stands a character that no mail server takes there: “;”. Check it.'],
      [
        '.ivo@example.com',
        'An email address cannot begin or end with a dot before the @, or have two dots in a row there.',
      ],
      [`${'i'.repeat(65)}@example.com`, 'This email address is too long. Check it.'],
    ]) {
      const seen = await askForCode(visitor, '/sign-in', { kind: 'email', value: value! })
      expect(noticeOf(seen)).toBe(sentence)
      expect(fieldOf(seen, 'value')).toBe(value)
    }
    expect(server.clouds.inbox.messages()).toEqual([])
  })
})
