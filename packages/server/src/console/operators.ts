import { consoleRoutes, operatorRoutes } from '@countersign/api'
import { chooseLocale, sentence } from '@countersign/sign-in'
import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { Mount } from '../http/mount.ts'
import { requireOwnOrigin } from '../http/own-origin.ts'
import { DEVICE_LIFETIME } from '../operators/lockout.ts'
import { type OneTimeLink, OPERATOR_SESSION, type Operators, type SignedIn } from '../operators/operators.ts'
import { ApiError } from '../refusals/refusal.ts'
import type { PasswordProblem } from '../users/password-policy.ts'
import { cookieName, OPERATOR_COOKIE } from './console.ts'

/** Outlives the session, so that strangers who guess do not keep this browser out. */
const DEVICE_COOKIE = 'countersign_operator_device'

/** Signing in and out, and who else may. */
export function mountOperators(mount: Mount, operators: Operators, adminEndpoint: string): void {
  const sessionCookie = cookieName(OPERATOR_COOKIE, adminEndpoint)
  const deviceCookie = cookieName(DEVICE_COOKIE, adminEndpoint)

  function putCookies(http: Context, { session, device }: SignedIn): void {
    const kept = {
      path: '/',
      httpOnly: true,
      sameSite: 'Strict',
      secure: adminEndpoint.startsWith('https:'),
    } as const
    setCookie(http, sessionCookie, session, { ...kept, maxAge: OPERATOR_SESSION / 1000 })
    setCookie(http, deviceCookie, device, { ...kept, maxAge: DEVICE_LIFETIME / 1000 })
    // Looked at, the answer under way takes what was set here along.
    void http.res
  }

  const requireOwn = (http: Context) => requireOwnOrigin(http, adminEndpoint, { setting: 'ADMIN_ENDPOINT' })

  const wire = ({ operator, token, expiresAt }: OneTimeLink) => ({
    operator,
    link: `${adminEndpoint}/set-password#token=${token}`,
    expiresAt,
  })

  mount
    .add(consoleRoutes.createFirstOperator, async ({ body }, { http, languages }) => {
      requireOwn(http)
      putCookies(
        http,
        await explained(languages, operators.createFirst(body.token, body.name, body.password)),
      )
      return { status: 204 }
    })
    .add(consoleRoutes.signInOperator, async ({ body }, { http, ip }) => {
      requireOwn(http)
      const place = { ip, device: getCookie(http, deviceCookie) }
      putCookies(http, await operators.signIn(body.name, body.password, place))
      return { status: 204 }
    })
    .add(consoleRoutes.signOutOperator, async (_, { http }) => {
      requireOwn(http)
      await operators.signOut(getCookie(http, sessionCookie) ?? '')
      deleteCookie(http, sessionCookie, { path: '/', secure: adminEndpoint.startsWith('https:') })
      void http.res
      return { status: 204 }
    })
    .add(operatorRoutes.listOperators, async () => ({ status: 200, body: await operators.list() }))
    .add(operatorRoutes.addOperator, async ({ body }) => ({
      status: 201,
      body: wire(await operators.add(body.name)),
    }))
    .add(operatorRoutes.removeOperator, async ({ params }, { subject = '' }) => {
      await operators.remove(params.id, subject)
      return { status: 204 }
    })
    .add(operatorRoutes.resetOperator, async ({ params }, { subject = '' }) => ({
      status: 200,
      body: wire(await operators.relink(params.id, subject)),
    }))
    .add(operatorRoutes.changeOperatorPassword, async ({ body }, { http, languages }) => {
      const session = getCookie(http, sessionCookie) ?? ''
      await explained(languages, operators.changePassword(session, body.currentPassword, body.password))
      return { status: 204 }
    })
    .add(operatorRoutes.readOperatorLink, async ({ body }, { http }) => {
      requireOwn(http)
      const { name } = await operators.ofLink(body.token)
      return { status: 200, body: { name } }
    })
    .add(operatorRoutes.setOperatorPassword, async ({ body }, { http, languages }) => {
      requireOwn(http)
      putCookies(http, await explained(languages, operators.acceptLink(body.token, body.password)))
      return { status: 204 }
    })
}

/** What a policy has against a password, in sentences. */
async function explained<T>(languages: string[], work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'password.rejected') throw error
    const issues = (error.data as PasswordProblem[]).map(({ code, interpolation }) => ({
      code,
      path: [],
      message: sentence(code, chooseLocale(languages), interpolation),
    }))
    throw new ApiError('password.rejected', { data: { issues } })
  }
}
