import { CaptchaSettings } from '@countersign/api'
import { createClouds } from '@countersign/simulators'
import { expect, test } from 'vitest'
import type { Database } from '../db/database.ts'
import { eachDatabase } from '../db/testing.ts'
import { simulatedFetch } from '../outside.ts'
import { errorOf, testKeys, testWorld } from '../testing/world.ts'
import { createCaptcha } from './captcha.ts'
import type { Verdict } from './provider.ts'
import { providerOf } from './providers.ts'
import { solved } from './testing.ts'

const hostname = 'login.example.com'
const checked = { hostname, action: 'interaction', interaction: 'one', ip: '198.51.100.4' }
const cloud = { accessKeyId: 'LTAI-simulated-ok', accessKeySecret: 'simulated-secret-ok' }
const site = { siteKey: 'simulated-site', secretKey: 'simulated-secret-ok' }

const ALL = {
  aliyun: { provider: 'aliyun', prefix: 'abc', sceneId: 'simulated-scene', ...cloud },
  tencent: {
    provider: 'tencent',
    captchaAppId: '190000001',
    appSecretKey: 'simulated-app-secret',
    secretId: 'AKID-simulated-ok',
    secretKey: 'simulated-secret-ok',
  },
  turnstile: { provider: 'turnstile', ...site },
  hcaptcha: { provider: 'hcaptcha', ...site },
} as const
type Name = keyof typeof ALL
const NAMES = Object.keys(ALL) as Name[]

type Outside = ReturnType<typeof testWorld>['fetch']

/** A check of a provider over the simulated clouds, or over what a test puts in their place. */
async function checkOf(name: Name, change: object = {}, fetch?: Outside) {
  const clouds = createClouds({ now: () => Date.UTC(2026, 0, 1) })
  const world = testWorld(fetch ?? simulatedFetch(clouds))
  const room = { keys: testKeys, world, hostname, db: undefined as unknown as Database }
  const provider = providerOf(room, CaptchaSettings.parse({ ...ALL[name], ...change }))
  const challenge = await provider.ask(checked)
  const cdata = challenge.provider === 'turnstile' ? challenge.interaction : ''
  const token = (members: Record<string, string> = {}) => {
    const all = { hostname, action: 'interaction', cdata, ...members }
    const text = `simulated?${new URLSearchParams(all)}`
    return name === 'tencent' ? JSON.stringify({ ticket: text, randstr: '@r' }) : text
  }
  return { challenge, token, verify: (text: string) => provider.verify(text, checked) }
}

const inWords = (verdict: Verdict) =>
  verdict.result === 'passed' ? 'passed' : `${verdict.result}: ${verdict.reason}`

test.each(NAMES)('%s takes what was passed, once, and nothing secret stands on the page', async name => {
  const { challenge, token, verify } = await checkOf(name)
  expect(JSON.stringify(challenge)).not.toMatch(/secret-ok|app-secret|AKID|LTAI/)
  expect(inWords(await verify(token()))).toBe('passed')
  expect(inWords(await verify(token()))).toMatch(/^failed: (replayed|expired)$/)
})

test.each<[Name, string, string]>([
  ['aliyun', 'F001', 'failed: unsolved'],
  ['aliyun', 'F019', 'failed: expired'],
  ['aliyun', 'F005', 'unavailable: settings'],
  ['aliyun', 'T005', 'unavailable: settings'],
  ['aliyun', 'T999', 'failed: unsolved'],
  ['tencent', '8', 'failed: expired'],
  ['tencent', '21', 'failed: unsolved'],
  ['tencent', '101', 'failed: unsolved'],
  ['tencent', '16', 'unavailable: settings'],
  ['tencent', '26', 'unavailable: fault'],
  ['turnstile', 'timeout-or-duplicate', 'failed: expired'],
  ['turnstile', 'internal-error', 'unavailable: fault'],
  ['hcaptcha', 'expired-input-response', 'failed: expired'],
  ['hcaptcha', 'sitekey-secret-mismatch', 'unavailable: settings'],
])('%s: %s is %s', async (name, code, words) => {
  const { token, verify } = await checkOf(name)
  expect(inWords(await verify(token({ code })))).toBe(words)
})

test('Turnstile’s token counts for its host, its purpose and its interaction alone', async () => {
  const { token, verify } = await checkOf('turnstile')
  const others: Record<string, string>[] = [
    { hostname: 'evil.example' },
    { action: 'other' },
    { cdata: 'another' },
  ]
  for (const other of others) expect(inWords(await verify(token(other)))).toBe('failed: elsewhere')
})

test('Tencent’s emergency tickets are asked about nobody', async () => {
  const { verify } = await checkOf('tencent', {}, () => Promise.reject(new Error('asked')))
  const ticket = JSON.stringify({ ticket: 'trerror_1001_190000001_1', randstr: '@r' })
  expect(inWords(await verify(ticket))).toBe('failed: unsolved')
})

test.each<[Name, object]>([
  ['aliyun', { accessKeySecret: 'wrong' }],
  ['aliyun', { accessKeyId: 'LTAI-simulated-forbidden', accessKeySecret: 'simulated-secret-forbidden' }],
  ['aliyun', { sceneId: 'unknown' }],
  ['tencent', { secretKey: 'wrong' }],
  ['tencent', { appSecretKey: 'wrong' }],
  ['tencent', { captchaAppId: '7' }],
  ['turnstile', { secretKey: 'wrong' }],
  ['hcaptcha', { secretKey: 'wrong' }],
  ['hcaptcha', { siteKey: 'another' }],
])('%s with %j lets nobody pass, and tells the operator', async (name, change) => {
  const { token, verify } = await checkOf(name, change)
  expect(await verify(token())).toMatchObject({
    result: 'unavailable',
    reason: 'settings',
    remedy: expect.stringContaining('under Protection'),
    code: expect.any(String),
  })
})

test.each(NAMES)('%s that answers with anything else is no pass', async name => {
  const answers: [Outside, string][] = [
    [async () => new Response('<html>success</html>'), 'unavailable: fault'],
    [async () => Response.json({ success: true }, { status: 502 }), 'unavailable: fault'],
    [async () => Response.json([]), 'unavailable: fault'],
    [() => Promise.reject(new TypeError('fetch failed')), 'unavailable: unreachable'],
  ]
  for (const [fetch, words] of answers) {
    const { token, verify } = await checkOf(name, {}, fetch)
    expect(inWords(await verify(token()))).toBe(words)
  }
  const { verify } = await checkOf(name, {}, () => Promise.reject(new Error('asked')))
  for (const garbage of ['', '\u0000', '\ud800', 'x'.repeat(7000)])
    expect(inWords(await verify(garbage))).toBe('failed: malformed')
})

test('a scene is asked about in its own region', async () => {
  const hosts: string[] = []
  const fetch: Outside = async url => {
    hosts.push(new URL(url).hostname)
    return Response.json({})
  }
  for (const region of ['cn', 'sgp']) {
    const { token, verify } = await checkOf('aliyun', { region }, fetch)
    await verify(token())
  }
  expect(hosts).toEqual(['captcha.cn-shanghai.aliyuncs.com', 'captcha.ap-southeast-1.aliyuncs.com'])
})

eachDatabase('a provider’s check', openFresh => {
  test('keeps its secrets sealed, and our own check stands in for it', async () => {
    const db = await openFresh()
    const world = testWorld(simulatedFetch(createClouds()))
    const captcha = createCaptcha({ db, keys: testKeys, world, hostname })
    const { secretKey, ...shown } = ALL.hcaptcha
    const settings = CaptchaSettings.parse(ALL.hcaptcha)
    const error = await errorOf(captcha.setSettings(CaptchaSettings.parse(shown)))
    expect(error).toMatchObject({ code: 'guard.invalid_input', data: { issues: [{ path: ['secretKey'] }] } })
    await captcha.setSettings(settings)
    await captcha.setSettings(CaptchaSettings.parse(shown))
    expect(await captcha.settings()).toEqual({ ...shown, fallback: 'altcha' })
    expect(JSON.stringify(await db.selectFrom('settings').selectAll().execute())).not.toContain(secretKey)

    const about = { interaction: 'one', ip: '198.51.100.4' }
    const tries = ['simulated?n=1', 'simulated?n=1'].map(token => captcha.verify(token, about))
    expect((await Promise.all(tries)).map(({ result }) => result).toSorted()).toEqual(['failed', 'passed'])
    const challenge = await captcha.ask('two')
    expect(challenge).toMatchObject({ provider: 'hcaptcha', fallback: { provider: 'altcha' } })

    // Of wrong settings a page shows our own check at once, and goes back after a minute.
    await captcha.setSettings({ ...settings, secretKey: 'wrong' } as CaptchaSettings)
    expect(await captcha.verify('simulated?n=2', about)).toMatchObject({ result: 'unavailable' })
    expect(world.lines.join()).toMatch(/check for people unavailable.*under Protection.*invalid-input-secret/)
    expect(await captcha.ask('one')).toMatchObject({ provider: 'altcha' })
    world.wait(61_000)
    expect(await captcha.ask('one')).toMatchObject({ provider: 'hcaptcha' })
    await captcha.setSettings({ ...settings, fallback: 'refuse' } as CaptchaSettings)
    expect(await captcha.ask('one')).toEqual({ provider: 'hcaptcha', siteKey: 'simulated-site' })

    // Nobody has a provider asked for ever.
    const results = await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        captcha.verify(`simulated?code=x&n=${n}`, { ...about, interaction: 'three' }),
      ),
    )
    expect(results.filter(each => each.result === 'failed' && each.reason === 'limited')).toHaveLength(2)
  })

  test('is asked so often for a network, whatever addresses of it somebody uses, and for no proxy at all', async () => {
    const db = await openFresh()
    let asked = 0
    const world = testWorld(async () => {
      asked += 1
      return Response.json({ success: false, 'error-codes': [] })
    })
    const captcha = createCaptcha({ db, keys: testKeys, world, hostname })
    await captcha.setSettings(CaptchaSettings.parse(ALL.turnstile))
    const from = async (addressOf: (n: number) => string) => {
      asked = 0
      await Promise.all(
        Array.from({ length: 310 }, (_, n) =>
          captcha.verify(`token-${n}`, { interaction: `${addressOf(n)} ${n}`, ip: addressOf(n) }),
        ),
      )
      return asked
    }
    expect(await from(n => `2a01:4f8:1:2::${n.toString(16)}`)).toBe(300)
    expect(await from(n => `2a01:4f8:2:${n.toString(16)}::1`)).toBe(310)
    // All visitors come from there.
    expect(await from(() => '10.0.0.1')).toBe(310)
  })

  test('may be passed by our own, which is worth nothing once it may not', async () => {
    const db = await openFresh()
    const world = { ...testWorld(), now: Date.now, random: (size: number) => Buffer.alloc(size) }
    const captcha = createCaptcha({ db, keys: testKeys, world, hostname })
    const settings = CaptchaSettings.parse(ALL.turnstile)
    await captcha.setSettings({ provider: 'altcha', effort: 100_000 })
    const own = await captcha.ask('one')
    if (own.provider !== 'altcha') throw new Error('another check')
    const token = await solved(own)
    await captcha.setSettings({ ...settings, fallback: 'refuse' } as CaptchaSettings)
    expect((await captcha.verify(token, { interaction: 'one', ip: undefined })).result).toBe('unavailable')
    await captcha.setSettings(settings)
    expect((await captcha.verify(token, { interaction: 'one', ip: undefined })).result).toBe('passed')
  })
})
