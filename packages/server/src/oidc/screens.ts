import type { Interaction, KoaContextWithOIDC } from 'oidc-provider'
import { cookiesOf, INTERACTION_PARAMETER, LOGTO_COOKIE } from './cookies.ts'

/** First pages by the value of `first_screen`. */
const SCREENS: Record<string, string> = {
  sign_in: '/sign-in',
  signIn: '/sign-in',
  register: '/register',
  reset_password: '/reset-password',
  'identifier:sign_in': '/identifier-sign-in',
  'identifier:register': '/identifier-register',
  single_sign_on: '/single-sign-on',
}

/** The deprecated way to say it. */
const MODES: Record<string, string> = { signIn: '/sign-in', signUp: '/register' }

const tags =
  /^[A-Za-z0-9]{1,8}(?:-[A-Za-z0-9]{1,8}){0,8}(?: [A-Za-z0-9]{1,8}(?:-[A-Za-z0-9]{1,8}){0,8}){0,9}$/

/** Parameters of the authorization endpoint beside the standard ones, and what they may hold. */
const EXTRAS: Record<string, (value: string) => boolean> = {
  first_screen: value => Object.hasOwn(SCREENS, value),
  interaction_mode: value => Object.hasOwn(MODES, value),
  identifier: value => value.split(' ').every(each => ['username', 'email', 'phone'].includes(each)),
  login_hint: value => value.length <= 512,
  ui_locales: value => tags.test(value),
}

type Check = (ctx: KoaContextWithOIDC, value: string | undefined) => void

/**
 * The extra parameters for oidc-provider. A bad value is dropped and the sign-in goes on: it only chooses how
 * the first page looks.
 */
export const extraParams: Record<string, Check> = Object.fromEntries(
  Object.entries(EXTRAS).map(([name, valid]): [string, Check] => [
    name,
    (ctx, value) => {
      if (value !== undefined && !valid(value)) ctx.oidc.params![name] = undefined
    },
  ]),
)

/**
 * The `ui_locales` with which this browser began to sign in last, where they may be what they say.
 *
 * @example uiLocalesOf('_logto={"appId":"a","uiLocales":"fr zh"}') // 'fr zh'
 */
export function uiLocalesOf(cookies: string | undefined): string | undefined {
  try {
    const told: unknown = JSON.parse(decodeURIComponent(cookiesOf(cookies ?? '').get(LOGTO_COOKIE) ?? ''))
    const { uiLocales } = told as { uiLocales?: unknown }
    return typeof uiLocales === 'string' && tags.test(uiLocales) ? uiLocales : undefined
  } catch {
    return undefined // anybody can write a cookie
  }
}

const asText = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)

/**
 * Where an interaction begins: a path of ours, with what its page needs to know. The last of it is the interaction
 * itself, so that two tabs of one application stay two.
 */
export function firstPage({ uid, prompt, params }: Pick<Interaction, 'uid' | 'prompt' | 'params'>): string {
  const query = new URLSearchParams({ app_id: String(params.client_id) })
  const own = new URLSearchParams({ [INTERACTION_PARAMETER]: uid })
  if (prompt.name === 'consent') return `/consent?${query}&${own}`
  for (const name of ['ui_locales', 'login_hint', 'identifier']) {
    const value = asText(params[name])
    if (value) query.set(name, value)
  }
  const path =
    SCREENS[asText(params.first_screen) ?? ''] ?? MODES[asText(params.interaction_mode) ?? ''] ?? '/sign-in'
  return `${path}?${query}&${own}`
}
