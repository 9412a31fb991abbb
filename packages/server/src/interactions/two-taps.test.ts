import { expect, test } from 'vitest'
import { eachServerDatabase } from '../db/testing.ts'
import { Browser, type Seen } from '../testing/browser.ts'
import { type Launched, launch } from '../testing/launch.ts'
import { byPhone, go, noticeOf, pathOf } from '../testing/visitor.ts'

/** Which of the two comes first is chance. */
const ROUNDS = 6

eachServerDatabase('two taps on the first page before its script has loaded', fresh => {
  /** A server, or two nodes on one PostgreSQL: SQLite has one. */
  async function nodes(resendInterval: number): Promise<Launched[]> {
    const settings = await fresh()
    const one = await launch(settings)
    await one.connect('aliyun-sms')
    const policy = { ...byPhone, verificationCodePolicy: { resendInterval } }
    expect((await one.manage('PATCH', '/api/sign-in-exp', policy)).status).toBe(200)
    // Both are known to the world by one name; only where they listen differs.
    return settings.DATABASE_URL ? [one, await launch({ ...settings, ENDPOINT: one.endpoint })] : [one]
  }

  /** The same tab, whose next request a load balancer sends to another node. */
  function sameAt(endpoint: string, visitor: Browser): Browser {
    const there = new Browser(endpoint)
    for (const [key, cookie] of visitor.cookies) there.cookies.set(key, cookie)
    there.applicationId = visitor.applicationId
    return there
  }

  const codesTo = (servers: Launched[], number: string) =>
    servers
      .flatMap(({ clouds }) => clouds.inbox.messages())
      .flatMap(({ to, code }) => (to === `+${number}` && code ? [code] : []))

  test.each([
    ['with a pause between two codes', 60],
    ['without one', 0],
  ])(
    'send one code that can be entered, whichever nodes they reach, and both say that it is on its way, %s',
    async (_, pause) => {
      const servers = await nodes(pause)
      const [one] = servers as [Launched]
      for (let round = 0; round < ROUNDS; round += 1) {
        const number = `138001381${String(round).padStart(2, '0')}`
        await one.manage('POST', '/api/users', { primaryPhone: `86${number}` })
        const visitor = await one.visit()
        const page = await go(visitor, '/sign-in')
        const tap = ({ endpoint }: Launched) => {
          const here: Seen = { ...page, url: page.url.replace(one.endpoint, endpoint) }
          return sameAt(endpoint, visitor).submit(here, { kind: 'phone', value: number, country: 'CN' })
        }
        // In turn both at one node, and each at its own.
        const ends = await Promise.all([tap(one), tap(servers[round % servers.length]!)])
        for (const end of ends)
          expect([pathOf(end), noticeOf(end)]).toEqual(['/sign-in/code', 'The code is on its way.'])
        const codes = codesTo(servers, `86${number}`)
        expect(codes).toHaveLength(1)
        await visitor.submit(ends[0]!, { code: codes[0]! })
        expect(visitor.leftTo?.searchParams.get('code'), `round ${round}`).toBeTruthy()
      }
    },
  )
})
