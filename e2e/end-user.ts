import type { Browser } from '../packages/cli/src/browser.ts'
import type { InboxReader } from '../packages/cli/src/inbox.ts'
import { createVisitor, type Identifier } from '../packages/cli/src/visitor.ts'
import type { Ready } from './ready.ts'

/** The form whose action ends with a path, as it would be posted: its hidden fields, and what is typed. */
function formOf(html: string, address: string, path: string, typed: Record<string, string>) {
  for (const [form, action = ''] of html.matchAll(/<form[^>]*action="([^"]+)"[\s\S]*?<\/form>/g)) {
    const target = new URL(action.replaceAll('&amp;', '&'), address)
    if (target.pathname !== path) continue
    const body = new URLSearchParams(typed)
    for (const [, name, value] of form.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g))
      if (!(name! in typed)) body.set(name!, value!)
    return { target: target.href, body }
  }
  throw new Error(`No form for ${path} at ${address}: ${html}`)
}

/** A page as a browser without a screen has it. */
export interface Shown {
  address: string
  /** Undefined where the way led out of the sign-in, to an address that was waited for. */
  html?: string
  status?: number
}

/** Opens a page, over all redirects. */
export async function open(browser: Browser, address: string, until?: string): Promise<Shown> {
  const { address: at, page } = await browser.follow(address, until)
  return page ? { address: at, html: await page.text(), status: page.status } : { address: at }
}

/** Fills in and posts the form of a page that goes to a path. Returns where it leads, after all redirects. */
export async function submit(
  browser: Browser,
  { address, html = '' }: Shown,
  path: string,
  typed: Record<string, string>,
  until?: string,
): Promise<Shown> {
  const { target, body } = formOf(html, address, path, typed)
  const answer = await browser.request(target, { method: 'POST', body })
  const location = answer.headers.get('location')
  if (location === null) return { address: target, html: await answer.text(), status: answer.status }
  return open(browser, new URL(location, target).href, until)
}

/** Opens the sign-in page and asks for a code. Returns the page that comes then. */
export async function askOverPages(
  browser: Browser,
  start: string,
  { type, value }: Identifier,
): Promise<Shown> {
  const first = await open(browser, start)
  const typed: Record<string, string> =
    type === 'phone' ? { kind: type, country: 'CN', value: `+${value}` } : { kind: type, value }
  return submit(browser, first, '/sign-in', typed)
}

/** Registers over the hosted pages by posting their forms. Returns the address that the application gets. */
export async function registerOverPages(
  browser: Browser,
  start: string,
  redirectUri: string,
  identifier: Identifier,
  inbox: InboxReader,
): Promise<string> {
  const asked = await askOverPages(browser, start, identifier)
  const { code = '' } = await inbox.next(identifier.value)
  const offered = await submit(browser, asked, '/sign-in/code', { code })
  const back = await submit(browser, offered, '/sign-in/create', {}, redirectUri)
  if (back.html !== undefined) throw new Error(`Stopped at ${back.address}: ${back.html}`)
  return back.address
}

/** Registers or signs in over the Experience API. Returns the address that the application gets. */
export async function enterOverExperience(
  browser: Browser,
  start: string,
  redirectUri: string,
  identifier: Identifier,
  inbox: InboxReader,
  interactionEvent: 'SignIn' | 'Register',
): Promise<string> {
  const { address } = await browser.follow(start)
  const call = async (method: string, path: string, body?: unknown): Promise<Record<string, unknown>> => {
    const answer = await browser.request(new URL(`/api/experience${path}`, address).href, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
    return text.startsWith('{') ? JSON.parse(text) : {}
  }
  await call('PUT', '', { interactionEvent })
  const { verificationId } = await call('POST', '/verification/verification-code', {
    identifier,
    interactionEvent,
  })
  const { code } = await inbox.next(identifier.value)
  await call('POST', '/verification/verification-code/verify', { identifier, verificationId, code })
  await call('POST', '/identification', { verificationId })
  const { redirectTo } = await call('POST', '/submit')
  const back = await browser.follow(String(redirectTo), redirectUri)
  if (back.page) throw new Error(`Stopped at ${back.address}: ${await back.page.text()}`)
  return back.address
}

/** Somebody registers by phone and stays signed in. Returns the user's id. */
export const registerByPhone = async (ready: Ready, value: string): Promise<string> =>
  (await comeInByPhone(ready, value)).id

/** Somebody registers by phone. Returns the user's id, and how that one signs out again. */
export async function comeInByPhone(
  { product, application, inbox }: Ready,
  value: string,
): Promise<{ id: string; signOut(): Promise<string> }> {
  const visitor = await createVisitor(product.endpoint, application)
  const identifier = { type: 'phone', value } as const
  const interactionEvent = 'Register'
  await visitor.open()
  await visitor.experience('PUT', '', { interactionEvent })
  const sent = await visitor.experience('POST', '/verification/verification-code', {
    identifier,
    interactionEvent,
  })
  const { verificationId } = sent.body
  const { code } = await inbox.next(value)
  await visitor.experience('POST', '/verification/verification-code/verify', {
    identifier,
    verificationId,
    code,
  })
  await visitor.experience('POST', '/identification', { verificationId })
  const { body } = await visitor.experience('POST', '/submit')
  const { claims, idToken } = await visitor.finish(String(body.redirectTo))
  return { id: String(claims.sub), signOut: () => visitor.signOut(idToken) }
}
