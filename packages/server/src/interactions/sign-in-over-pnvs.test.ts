import { expect, test } from 'vitest'
import { launch } from '../testing/launch.ts'
import { askForCode, byPhone, go, noticeOf } from '../testing/visitor.ts'

async function ready(settings: object = {}) {
  const server = await launch()
  await server.connect('aliyun-pnvs')
  const answer = await server.manage('PATCH', '/api/sign-in-exp', { ...byPhone, ...settings })
  expect(answer.status).toBe(200)
  return server
}

test('a visitor registers and signs in over PNVS with codes of our own, which say how long they are good', async () => {
  const verificationCodePolicy = { codeLength: 6, expirationDuration: 180, resendInterval: 0 }
  const server = await ready({ verificationCodePolicy })
  for (const from of ['/register', '/sign-in']) {
    const visitor = await server.visit()
    const asked = await askForCode(visitor, from)
    const [message] = server.clouds.inbox.messages()
    expect(message).toMatchObject({ cloud: 'aliyun-pnvs', to: '+8613800138000' })
    expect(message?.text).toMatch(/^【示例赠送签名】.*3分钟内有效/)
    await visitor.submit(asked, { code: server.codeFor('+8613800138000') })
    expect(visitor.leftTo?.searchParams.get('code'), from).toBeTruthy()
  }
  const users = (await (await server.manage('GET', '/api/users')).json()) as { primaryPhone: string }[]
  expect(users.map(({ primaryPhone }) => primaryPhone)).toEqual(['8613800138000'])
  // Each usage type has its own template.
  const texts = server.clouds.inbox.messages().map(({ text }) => text)
  expect(new Set(texts.map(text => text.replaceAll(/\d+/g, ''))).size).toBe(2)
})

test('the pages offer mainland numbers alone, and others are refused in words before the cloud is asked', async () => {
  const server = await ready()
  const visitor = await server.visit()
  const page = await go(visitor, '/sign-in')
  expect(page.text).not.toMatch(/<option[^>]*value="US"/)
  const refused = await visitor.submit(page, { kind: 'phone', country: 'US', value: '305 555 2671' })
  expect(noticeOf(refused)).toContain('We send codes to mobile numbers of mainland China (+86) only.')
  const answer = await server.manage('POST', '/api/verification-codes', { phone: '13055552671' })
  expect(await answer.json()).toMatchObject({
    data: { failure: 'region_unsupported', didYouMean: '8613055552671' },
  })
  expect(server.clouds.control.requests()).toEqual([])
})

test('a code asked for within the interval of the cloud is refused with the seconds to wait, and the one that is out still counts', async () => {
  const server = await ready({ verificationCodePolicy: { resendInterval: 0 } })
  const typed = { kind: 'phone', value: '139 1111 2222', country: 'CN' }
  const visitor = await server.visit()
  const asked = await askForCode(visitor, '/register', typed)
  const again = await server.manage('POST', '/api/verification-codes', { phone: '8613911112222' })
  expect(again.status).toBe(429)
  const wait = Number(again.headers.get('retry-after'))
  expect(await again.json()).toMatchObject({
    code: 'request.message_rate_limited',
    data: { retryAfter: wait },
  })
  expect(wait).toBeGreaterThan(0)
  expect(wait).toBeLessThanOrEqual(60)
  // It is known before the cloud refuses it.
  expect(server.clouds.control.requests()).toHaveLength(1)
  await visitor.submit(asked, { code: server.codeFor('+8613911112222') })
  expect(visitor.leftTo?.searchParams.get('code')).toBeTruthy()
})
