import { solved } from '../captcha/testing.ts'
import { Browser, type Seen } from './browser.ts'
import type { Launched } from './launch.ts'
import { callConsole } from './operator.ts'
import { wrongFor } from './visitor.ts'

const KIB = 1024

/** Headers as large as somebody likes who wants to be remembered. */
const FAT = {
  'user-agent': 'u'.repeat(2 * KIB),
  'accept-language': `zh-CN,${'x'.repeat(2 * KIB)}`,
  'x-forwarded-for': `${'x'.repeat(KIB)}, 2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff`,
}

/** What a stranger does, and what must be there before; only the last step is measured. */
export interface StrangerStep {
  /** As `docs/limits-of-strangers.md` names it. */
  route: string
  what: string
  /** Prepares, and returns the step to be measured, which answers with a status. */
  prepare(scene: Scene): Promise<() => Promise<{ status: number }>>
}

export interface Scene {
  server: Launched
  clientId: string
  /** A number of their own for each step, so that none gets more messages than is allowed. */
  index: number
}

const CALLBACK = 'https://app.example.com/callback'

/** A browser that has begun to sign in. */
export async function visitorOf(
  { server, clientId }: Scene,
  extra: Record<string, string> = {},
): Promise<Browser> {
  const browser = new Browser(server.endpoint)
  await browser.authorize(clientId, CALLBACK, extra)
  return browser
}

/** A browser in an interaction of the Experience API. */
async function begun(scene: Scene, interactionEvent: string): Promise<Browser> {
  const browser = await visitorOf(scene)
  await browser.experience('PUT', '', { interactionEvent })
  return browser
}

const phoneOf = ({ index }: Scene) => ({ type: 'phone', value: `86138001${String(index).padStart(5, '0')}` })
const emailOf = ({ index }: Scene) => ({
  type: 'email',
  value: `${'x'.repeat(240)}${index}@example.com`.slice(-256),
})
const extra = (size: number) => ({ type: 'extraProfile', values: { x: 'x'.repeat(size) } })

type Body = object | undefined

/** A step of the Experience API, in an interaction of an event. */
const experience = (
  method: 'PUT' | 'POST',
  path: string,
  event: string,
  what: string,
  body: (scene: Scene, browser: Browser) => Promise<Body> | Body,
): StrangerStep => ({
  route: `${method} /api/experience${path}`,
  what,
  async prepare(scene) {
    const browser = await begun(scene, event)
    const given = await body(scene, browser)
    return () => browser.experience(method, path, given, FAT)
  },
})

const sendBody = (identifier: object, interactionEvent = 'Register') => ({ identifier, interactionEvent })

const askFor = (browser: Browser, identifier: object) =>
  browser.experience('POST', '/verification/verification-code', sendBody(identifier))

/** A code that was sent, with a digit of it changed. */
async function wrongCode(scene: Scene, browser: Browser) {
  const identifier = phoneOf(scene)
  const { json } = await askFor(browser, identifier)
  const code = wrongFor(scene.server.codeFor(`+${identifier.value}`))
  return { identifier, verificationId: json.verificationId, code }
}

/** A username and a password, prepared for a registration with some further fields. */
async function prepared(scene: Scene, browser: Browser): Promise<Body> {
  await browser.experience('POST', '/profile', extra(900))
  const { json } = await browser.experience('POST', '/verification/new-password-identity', {
    identifier: { type: 'username', value: `x${scene.index}`.padEnd(128, 'x') },
    password: 'a good passphrase',
  })
  return { verificationId: json.verificationId }
}

const wrongPassword = (value: string) => ({
  identifier: { type: 'username', value },
  password: 'p'.repeat(8 * KIB),
})

const ofExperience: StrangerStep[] = [
  experience('PUT', '', 'SignIn', 'begin anew', () => ({ interactionEvent: 'ForgotPassword' })),
  experience('POST', '/captcha', 'SignIn', 'a check that is not passed', () => ({
    captchaToken: 'x'.repeat(15 * KIB),
  })),
  experience('POST', '/captcha', 'SignIn', 'a check that is passed', async (_, browser) => ({
    captchaToken: await solved((await browser.experience('GET', '/captcha')).json),
  })),
  experience('PUT', '/interaction-event', 'SignIn', 'change the event', () => ({
    interactionEvent: 'Register',
  })),
  experience('POST', '/verification/verification-code', 'Register', 'a code for a number', scene =>
    sendBody(phoneOf(scene)),
  ),
  experience('POST', '/verification/verification-code', 'Register', 'a code for a long address', scene =>
    sendBody(emailOf(scene)),
  ),
  experience(
    'POST',
    '/verification/verification-code',
    'Register',
    'one code too many',
    async (scene, browser) => {
      for (let sent = 0; sent < 10; sent += 1) await askFor(browser, phoneOf(scene))
      return sendBody(phoneOf(scene))
    },
  ),
  experience('POST', '/verification/verification-code/verify', 'Register', 'a wrong code', wrongCode),
  experience(
    'POST',
    '/verification/verification-code/verify',
    'Register',
    'the wrong code that blocks',
    async (scene, browser) => {
      const body = await wrongCode(scene, browser)
      for (let tries = 0; tries < 2; tries += 1)
        await browser.experience('POST', '/verification/verification-code/verify', body)
      return body
    },
  ),
  experience('POST', '/verification/password', 'SignIn', 'a wrong password', () =>
    wrongPassword('u'.repeat(256)),
  ),
  experience(
    'POST',
    '/verification/password',
    'SignIn',
    'the wrong password that blocks',
    async (_, browser) => {
      const body = wrongPassword(`blocked ${'u'.repeat(240)}`)
      for (let tries = 0; tries < 2; tries += 1)
        await browser.experience('POST', '/verification/password', body)
      return body
    },
  ),
  experience('POST', '/verification/new-password-identity', 'Register', 'a username', ({ index }) => ({
    identifier: { type: 'username', value: `y${index}`.padEnd(128, 'y') },
    password: 'a good passphrase',
  })),
  experience('POST', '/identification', 'Register', 'register without a proof', prepared),
  experience('POST', '/identification', 'SignIn', 'an unknown proof', () => ({
    verificationId: 'x'.repeat(8 * KIB),
  })),
  experience('POST', '/profile', 'Register', 'fields that stay for an hour', () => extra(1_900)),
  experience('POST', '/profile', 'Register', 'all that is taken', () => extra(43 * KIB)),
  experience('POST', '/profile', 'Register', 'too much', () => extra(60 * KIB)),
  experience('PUT', '/profile/password', 'ForgotPassword', 'a password', () => ({
    password: 'p'.repeat(8 * KIB),
  })),
  experience('POST', '/submit', 'SignIn', 'finish', () => undefined),
]

const authorization = (size: number) => ({
  response_type: 'code',
  redirect_uri: CALLBACK,
  scope: 'openid profile',
  code_challenge: 'x'.repeat(43),
  code_challenge_method: 'S256',
  state: 'x'.repeat(size),
})

const oidc = (
  method: 'GET' | 'POST',
  path: string,
  what: string,
  parameters: (scene: Scene) => Record<string, string>,
): StrangerStep => ({
  route: `${method} /oidc${path}`,
  what,
  async prepare(scene) {
    const form = new URLSearchParams({ client_id: scene.clientId, ...parameters(scene) })
    const url = `${scene.server.endpoint}/oidc${path}${method === 'GET' ? `?${form}` : ''}`
    const init = {
      method,
      headers: FAT,
      redirect: 'manual',
      ...(method === 'POST' && { body: form }),
    } as const
    return () => fetch(url, init)
  },
})

/** Where a browser is told to go back to with its interaction, and the xsrf field of the page that signs out. */
const resumeOf = (browser: Browser) =>
  [...browser.cookies.values()].find(({ name, path }) => name === '_interaction_resume' && path.length > 2)!
    .path

const ofProvider: StrangerStep[] = [
  oidc('GET', '/auth', 'a request that stays for an hour', () => authorization(1_500)),
  oidc('GET', '/auth', 'the largest', () => authorization(7 * KIB)),
  oidc('POST', '/auth', 'a request that stays for an hour', () => ({
    ...authorization(500),
    login_hint: 'h'.repeat(500),
    ui_locales: 'en-US zh-CN',
  })),
  oidc('POST', '/auth', 'the largest', () => authorization(15 * KIB)),
  oidc('POST', '/request', 'the largest', () => authorization(15 * KIB)),
  ...['authorization_code', 'refresh_token', 'client_credentials'].map(grant =>
    oidc('POST', '/token', `a wrong ${grant}`, () => ({
      grant_type: grant,
      code: 'x'.repeat(10 * KIB),
      refresh_token: 'x'.repeat(10 * KIB),
      redirect_uri: CALLBACK,
      scope: 'x'.repeat(10 * KIB),
      code_verifier: 'x'.repeat(43),
      client_secret: 'x'.repeat(KIB),
    })),
  ),
  oidc('POST', '/token/revocation', 'an unknown token', () => ({ token: 'x'.repeat(10 * KIB) })),
  oidc('POST', '/token/introspection', 'an unknown token', () => ({ token: 'x'.repeat(10 * KIB) })),
  ...(['GET', 'POST'] as const).map(method =>
    oidc(method, '/session/end', 'the largest', () => ({
      post_logout_redirect_uri: 'https://app.example.com',
      state: 'x'.repeat(7 * KIB),
    })),
  ),
  {
    route: 'GET /oidc/auth/:uid',
    what: 'come back without having signed in',
    async prepare(scene) {
      const browser = await visitorOf(scene, { state: 'x'.repeat(1_500) })
      const back = resumeOf(browser)
      return () => browser.open(back, { headers: FAT })
    },
  },
  {
    route: 'POST /oidc/session/end/confirm',
    what: 'confirm',
    async prepare(scene) {
      const browser = new Browser(scene.server.endpoint)
      const page = await browser.open(`/oidc/session/end?client_id=${scene.clientId}`)
      return () => browser.submit(page, {})
    },
  },
]

/** Every field of every form at its largest. */
const FIELDS = {
  value: 'v'.repeat(KIB),
  country: 'C'.repeat(KIB),
  kind: 'email',
  use: 'password',
  terms: 'yes',
  code: '0'.repeat(KIB),
  password: 'p'.repeat(KIB),
  repeat: 'p'.repeat(KIB),
  padding: 'x'.repeat(8 * KIB),
}

const cookieOf = (browser: Browser) =>
  [...browser.cookies.values()].map(({ name, value }) => `${name}=${value}`).join('; ')

async function csrfOf(browser: Browser): Promise<string> {
  const page = await browser.open(`/sign-in?app_id=${browser.applicationId}`)
  return /name="csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
}

async function postForm(browser: Browser, path: string, fields: Record<string, string>): Promise<Seen> {
  const csrf = await csrfOf(browser)
  const init = { method: 'POST', body: new URLSearchParams({ ...fields, csrf }), headers: FAT }
  return browser.open(`${path}?app_id=${browser.applicationId}`, init)
}

/** A form of the hosted pages, sent by somebody who has done what is `before` it. */
export const pageForm = (
  path: string,
  fields: (scene: Scene) => Record<string, string> = () => FIELDS,
  before: (browser: Browser, scene: Scene) => Promise<unknown> = async () => undefined,
): StrangerStep => ({
  route: `POST ${path}`,
  what: 'the form',
  async prepare(scene) {
    const browser = await visitorOf(scene)
    await before(browser, scene)
    const csrf = await csrfOf(browser)
    const body = new URLSearchParams({ ...fields(scene), csrf })
    return () =>
      fetch(`${scene.server.endpoint}${path}?app_id=${browser.applicationId}`, {
        method: 'POST',
        body,
        redirect: 'manual',
        headers: { ...FAT, cookie: cookieOf(browser) },
      })
  },
})

const mail = (scene: Scene) => ({ kind: 'email', value: `${'m'.repeat(100)}${scene.index}@example.com` })
const named = ({ index }: Scene) => ({ kind: 'username', value: `z${index}`.padEnd(128, 'z') })
const passphrase = { password: 'a good passphrase', repeat: 'a good passphrase' }

const ofPages: StrangerStep[] = [
  ...['/sign-in', '/register', '/reset-password'].flatMap(path => [
    pageForm(path),
    pageForm(path, mail),
    pageForm(
      `${path}/code`,
      () => FIELDS,
      (browser, scene) => postForm(browser, path, mail(scene)),
    ),
    pageForm(
      `${path}/resend`,
      () => FIELDS,
      (browser, scene) => postForm(browser, path, mail(scene)),
    ),
  ]),
  pageForm(
    '/sign-in/password',
    () => FIELDS,
    (browser, scene) => postForm(browser, '/sign-in', named(scene)),
  ),
  pageForm(
    '/register/password',
    () => passphrase,
    (browser, scene) => postForm(browser, '/register', named(scene)),
  ),
]

const asOperator = (path: string, body: (scene: Scene) => Promise<object> | object): StrangerStep => ({
  route: `console POST ${path}`,
  what: 'a wrong one',
  async prepare(scene) {
    const given = await body(scene)
    return () => callConsole(scene.server.app, FAT)('POST', path, given)
  },
})

const ofConsole: StrangerStep[] = [
  asOperator('/api/console/session', () => ({ name: 'n'.repeat(64), password: 'p'.repeat(256) })),
  asOperator('/api/console/first-operator', () => ({
    token: 't'.repeat(128),
    name: 'n'.repeat(64),
    password: 'a good passphrase',
  })),
  asOperator('/api/console/link', () => ({ token: 't'.repeat(128) })),
  asOperator('/api/console/link/password', () => ({ token: 't'.repeat(128), password: 'a good passphrase' })),
]

/** What strangers do at the routes that write something for them. */
export const STRANGER_STEPS: readonly StrangerStep[] = [
  ...ofExperience,
  ...ofProvider,
  ...ofPages,
  ...ofConsole,
]

/** A request for any route, as large as requests may be, of a browser that has begun to sign in and no more. */
export async function largestRequest(
  { server, clientId }: Scene,
  route: string,
  browser: Browser,
): Promise<number> {
  const [, door, method = '', path = ''] = /^(console )?(\w+) (.*)$/.exec(route) ?? []
  const real = path.replaceAll(/:\w+(?:\{.*\})?/g, 'x'.repeat(12)).replace('*', 'x')
  const query = new URLSearchParams({ app_id: clientId, ui_locales: 'en', q: 'x'.repeat(6 * KIB) })
  const hasBody = method !== 'GET'
  const init = {
    method,
    redirect: 'manual',
    headers: { ...FAT, cookie: cookieOf(browser), ...(hasBody && { 'content-type': 'application/json' }) },
    ...(hasBody && { body: JSON.stringify({ padding: 'x'.repeat(15 * KIB) }) }),
  } as const
  const address = `${real}?${query}`
  const answer = door
    ? server.app.console.request(address, init)
    : fetch(`${server.endpoint}${address}`, init)
  return (await answer).status
}
