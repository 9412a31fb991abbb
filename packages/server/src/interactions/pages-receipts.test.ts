import { expect, test } from 'vitest'
import type { Browser, Seen } from '../testing/browser.ts'
import type { Launched } from '../testing/launch.ts'
import { signInOperator } from '../testing/operator.ts'
import { askForCode, go, noticeOf, pathOf, ready } from '../testing/visitor.ts'

/** Numbers of the simulators whose phones are off, and one that gets its messages. */
const OFF = { kind: 'phone', value: '139 0001 0004', country: 'CN' }
const ALSO_OFF = { ...OFF, value: '139 0001 0005' }
const ON = { ...OFF, value: '138 0013 8000' }

const SWITCHED_OFF =
  'Your carrier says that the phone is switched off or out of reach. Switch it on, then ask for a new code.'

/** A server to whose address the simulated cloud pushes its receipts. */
async function withReceipts(settings: object = {}): Promise<Launched> {
  const server = await ready(settings)
  const connections = (await (await server.manage('GET', '/api/connections')).json()) as {
    id: string
    channel: string
  }[]
  const { id } = connections.find(({ channel }) => channel === 'sms')!
  const { address } = (await (await server.manage('GET', `/api/connections/${id}/receipts`)).json()) as {
    address: string
  }
  server.clouds.control.setCallback('aliyun-sms', { url: address })
  return server
}

/** Where the page's script asks. */
const asksAt = ({ text }: Seen) => /data-receipt="([^"]+)"/.exec(text)?.[1]?.replaceAll('&amp;', '&')

const ask = async (visitor: Browser, address: string) => JSON.parse((await visitor.open(address)).text)

test('whoever waits for a code hears that the carrier could not deliver it and what helps, with script and without', async () => {
  const server = await withReceipts()
  const visitor = await server.visit()
  const page = await askForCode(visitor, '/sign-in', OFF)
  expect(page.headers.get('content-security-policy')).toContain("connect-src 'self'")
  const asked = asksAt(page)!
  expect(await ask(visitor, asked)).toEqual({})
  await server.clouds.control.advance(1000)
  expect(await ask(visitor, asked)).toEqual({ notice: SWITCHED_OFF })
  const again = await go(visitor, '/sign-in/code')
  expect([noticeOf(again), asksAt(again)]).toEqual([SWITCHED_OFF, undefined])
  expect(noticeOf(await go(visitor, '/sign-in/code?ui_locales=zh-CN'))).toBe(
    '运营商反馈该手机已关机或无信号。请开机并确认信号正常后，重新获取验证码。',
  )
  // What is wrong with what was typed comes first, and the code can still be entered.
  expect(noticeOf(await visitor.submit(again, { code: '1' }))).toContain('type it again')
  server.wait(61_000)
  const resent = await visitor.submit(await go(visitor, '/sign-in/code'), {}, 1)
  expect(noticeOf(resent)).toContain('A new code is on its way.')
  expect(await ask(visitor, asksAt(resent)!)).toEqual({})
  // Somebody else's browser learns nothing of this interaction.
  const stranger = await server.visit()
  expect((await stranger.open(asked)).text).not.toContain('carrier')
  // And whether a message has arrived is told to nobody.
  const reached = await server.visit()
  const before = asksAt(await askForCode(reached, '/sign-in', ON))!
  await server.clouds.control.advance(1000)
  const operator = await signInOperator(server.app)
  const delivered = await (await operator('GET', '/api/console/messages?state=delivered')).json()
  expect(delivered).toMatchObject([{ attempts: [{ receipts: [{ code: 'DELIVERED', via: 'push' }] }] }])
  expect(await ask(reached, before)).toEqual({})
  expect(asksAt(await go(reached, '/sign-in/code'))).toBe(before)
})

test('where a message leaves only if there is an account, nothing is told of it, whether there is one or not', async () => {
  const server = await withReceipts({ signInMode: 'SignIn' })
  expect((await server.manage('POST', '/api/users', { primaryPhone: '8613900010004' })).status).toBe(200)
  for (const from of ['/sign-in', '/reset-password']) {
    /** What a visitor sees of a message to somebody: the page, the answer to its script, and the page afterwards. */
    async function seen(to: Record<string, string>) {
      const visitor = await server.visit()
      const first = await askForCode(visitor, from, to)
      expect(pathOf(first)).toBe(`${from}/code`)
      await server.app.settled()
      await server.clouds.control.advance(1000)
      const address = `/message-receipt?${new URL(first.url).searchParams}`
      const pages = [first, await visitor.open(address), await go(visitor, `${from}/code`)]
      return pages.map(({ text }) =>
        text.replaceAll(/(?:interaction|app_id)=[\w-]+|value="[^"]*"|000\d|data-wait="\d+"/g, ''),
      )
    }
    const [withAccount, without] = [await seen(OFF), await seen(ALSO_OFF)]
    expect(withAccount).toEqual(without)
    expect(withAccount[1]).toBe('{}')
    expect(withAccount.join()).not.toMatch(/carrier|data-receipt/)
    // The simulated cloud takes one message a minute to a number.
    server.wait(61_000)
  }
  const operator = await signInOperator(server.app)
  const messages = (await (await operator('GET', '/api/console/messages')).json()) as { state: string }[]
  // There was something to tell: one message of each page was suppressed, and one not delivered.
  expect(messages.map(({ state }) => state).toSorted()).toEqual([
    'suppressed',
    'suppressed',
    'undelivered',
    'undelivered',
  ])
})
