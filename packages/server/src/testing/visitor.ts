import type { Browser, Seen } from './browser.ts'
import { type Launched, launch } from './launch.ts'

export const PHONE = '8613800138000'
/** The same number as a visitor types it and as the inbox shows it. */
export const TYPED = { kind: 'phone', value: '138 0013 8000', country: 'CN' }
export const INBOX = '+8613800138000'
export const PASSWORD = 'a good passphrase'

/** Settings under which a phone number is all it takes, and a password may be set. */
export const byPhone = {
  signUp: { identifiers: ['phone'], password: false, verify: true },
  signIn: {
    methods: [{ identifier: 'phone', password: true, verificationCode: true, isPasswordPrimary: false }],
  },
  forgotPasswordMethods: ['PhoneVerificationCode'],
}

/** A server with connections and sign-in settings; visitors need not wait between two codes unless settings say so. */
export async function ready(settings: object = {}, env: Record<string, string> = {}): Promise<Launched> {
  const server = await launch(env)
  await server.connect('aliyun-sms')
  await server.connect('aliyun-dm')
  const answer = await server.manage('PATCH', '/api/sign-in-exp', {
    ...byPhone,
    verificationCodePolicy: { resendInterval: 0 },
    ...settings,
  })
  if (answer.status !== 200) throw new Error(await answer.text())
  return server
}

/** Opens a hosted page of the visitor's application. */
export const go = (visitor: Browser, path: string): Promise<Seen> =>
  visitor.open(`${path}${path.includes('?') ? '&' : '?'}app_id=${visitor.applicationId}`)

/** The path of a page, without its query. */
export const pathOf = (seen: Seen) => new URL(seen.url).pathname

/** The heading of a page as text. */
export const headingOf = (seen: Seen) => /<h1[^>]*>(.*?)<\/h1>/s.exec(seen.text)?.[1]

/** The sentence above a page's fields, if any. */
export const noticeOf = (seen: Seen) => /class="notice[^>]*>\s*<p>(.*?)<\/p>/s.exec(seen.text)?.[1]

/** The value of a text field. */
export const fieldOf = (seen: Seen, name: string) =>
  new RegExp(`<input[^>]*name="${name}"[^>]*>`).exec(seen.text)?.[0].match(/value="([^"]*)"/)?.[1]

/** Asks for a code with the first page's form; the page that follows asks for it. */
export async function askForCode(visitor: Browser, from = '/sign-in', typed: Record<string, string> = TYPED) {
  return visitor.submit(await go(visitor, from), typed)
}

/** Another code than the right one. */
export const wrongFor = (right: string) => (right === '000000' ? '111111' : '000000')
