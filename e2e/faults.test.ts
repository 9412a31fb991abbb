import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { createBrowser } from '../packages/cli/src/browser.ts'
import { locale } from '../packages/sign-in/src/locales/en.ts'
import { askOverPages, type Shown, submit } from './end-user.ts'
import { discard, type Ready, startReady } from './ready.ts'

let ready: Ready
let start: string

beforeAll(async () => {
  ready = await startReady({ SEND_TIMEOUT: '1000' })
  const { product, application } = ready
  start = `${product.endpoint}/oidc/auth?${new URLSearchParams({
    client_id: application.id,
    redirect_uri: application.redirectUri,
    response_type: 'code',
    scope: 'openid phone',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
  })}`
})

afterAll(() => discard(ready?.product))

async function setFault(fault: object | null): Promise<void> {
  const answer = await fetch(new URL('/control/fault', ready.product.inboxUrl), {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(fault),
  })
  expect(answer.status).toBe(200)
}

/** The one sentence that a page says beside its own; one that only the script shows is hidden. */
function noticeOn({ html = '' }: Shown): string | undefined {
  const notices = [...html.matchAll(/<div class="notice(?![^>]* hidden>)[\s\S]*?<p>([\s\S]*?)<\/p>/g)].map(
    match => match[1],
  )
  expect(notices.length).toBeLessThanOrEqual(1)
  return notices[0]?.replaceAll('&#39;', "'")
}

const say = (key: keyof typeof locale.notices) => locale.notices[key]!.split('[')[0]!.trim()

/** Asks for a code with a fresh browser. */
async function ask(value: string) {
  const browser = createBrowser()
  return { browser, shown: await askOverPages(browser, start, { type: 'phone', value }) }
}

async function arrived(number: string): Promise<string[]> {
  const answer = await fetch(new URL(`/control/messages?to=${number}`, ready.product.inboxUrl))
  return ((await answer.json()) as { code: string }[]).map(({ code }) => code)
}

const pathOf = ({ address }: Shown) => new URL(address).pathname

// Exempt from the simulators' frequency control; another one for each fault.
let last = 8613800138230
const nextNumber = () => String(++last)

// A connection that fails five times in a row rests, and how long the row takes differs with the machine: here one message
// that is sent ends each row.
afterEach(async () => {
  await setFault(null)
  const { status } = await ready.management('POST', '/api/verification-codes', { phone: nextNumber() })
  expect(status).toBe(204)
})

it.each([
  ['drop-after', 1],
  ['cut-off', 1],
  ['wrong-type', 1],
  ['hang', 0],
  ['slow', 0],
  ['http-500', 0],
  ['http-503', 0],
  ['html', 0],
  ['empty', 0],
])(
  'with the cloud at "%s" nobody knows, so the code is awaited, and taken if it comes',
  async (kind, messages) => {
    const number = nextNumber()
    await setFault({ kind })
    const { browser, shown } = await ask(number)
    expect([shown.status, pathOf(shown), noticeOn(shown)]).toEqual([200, '/sign-in/code', say('maybe_sent')])
    await setFault(null)
    const codes = await arrived(number)
    expect(codes).toHaveLength(messages)
    if (codes[0] === undefined) return
    const next = await submit(browser, shown, '/sign-in/code', { code: codes[0] })
    expect(pathOf(next)).toBe('/sign-in/create')
  },
)

it.each(['drop-before', 'throttle'])(
  'with the cloud at "%s" nothing was sent, and the page says so',
  async kind => {
    const number = nextNumber()
    await setFault({ kind })
    const { shown } = await ask(number)
    expect([shown.status, pathOf(shown), noticeOn(shown)]).toEqual([200, '/sign-in', say('delivery_failed')])
    expect(await arrived(number)).toEqual([])
  },
)

it('a slow cloud within the deadline is just slow', async () => {
  await setFault({ kind: 'slow', delay: 200 })
  const { shown } = await ask(nextNumber())
  expect([pathOf(shown), noticeOn(shown)]).toEqual(['/sign-in/code', say('code_sent')])
})

it.each([
  ['on a block list', '8613900000001', 'number_blocked'],
  ['that does not exist', '8613900000003', 'number_invalid'],
  ['asked too often', '8613900000011', 'rate_limited'],
  ['while the account is empty', '8613900000021', 'delivery_failed'],
  ['while the key is wrong', '8613900000035', 'delivery_failed'],
  ['while the signature is not approved', '8613900000041', 'delivery_failed'],
  ['while the template is unknown', '8613900000043', 'delivery_failed'],
  ['while the cloud answers what nobody has heard of', '8613900000099', 'delivery_failed'],
] as const)('a number %s gets one sentence, and nothing of the provider', async (_, number, notice) => {
  const { shown } = await ask(number)
  expect([shown.status, pathOf(shown)]).toEqual([200, '/sign-in'])
  expect(noticeOn(shown)).toContain(say(notice))
  expect(shown.html).not.toMatch(/isv\.|isp\.|SignatureDoesNotMatch|RequestId|accessKey/i)
})

it('a code that has arrived stays good when asking for it again is refused', async () => {
  const number = nextNumber()
  const { browser, shown } = await ask(number)
  await setFault({ code: 'isv.BUSINESS_LIMIT_CONTROL' })
  const again = await submit(browser, shown, '/sign-in/resend', {})
  expect([pathOf(again), noticeOn(again)]).toEqual([
    '/sign-in/code',
    expect.stringContaining(say('rate_limited')),
  ])
  const [code = ''] = await arrived(number)
  expect(pathOf(await submit(browser, again, '/sign-in/code', { code }))).toBe('/sign-in/create')
})
