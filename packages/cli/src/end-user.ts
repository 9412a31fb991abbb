import { randomBytes } from 'node:crypto'
import type { Cloud } from './cloud.ts'
import type { InboxReader } from './inbox.ts'
import type { Management } from './management.ts'
import { type Chapter, expect } from './steps.ts'
import { createVisitor, type RegisteredApplication, type SignedIn, type Visitor } from './visitor.ts'

const REDIRECT_URI = 'http://localhost:9/callback'
const POST_SIGN_OUT_URI = 'http://localhost:9/goodbye'

/** Steps 5 of a cloud: an application is registered and an end user signs in to it, in every way. */
export async function liveThrough(
  chapter: Chapter,
  cloud: Cloud,
  { management, inbox, endpoint }: { management: Management; inbox: InboxReader; endpoint: string },
): Promise<void> {
  const identifier = { type: cloud.kind, value: cloud.user }
  const password = randomBytes(12).toString('base64url')
  let application: RegisteredApplication
  let visitor: Visitor
  let session: SignedIn
  let userId: unknown

  /** Calls the Experience API and holds it to a status. */
  async function experience(method: string, path: string, wanted: number, body?: unknown) {
    const answer = await visitor.experience(method, path, body)
    expect(answer.status === wanted, `expected ${wanted} from ${method} ${path}`, answer)
    return answer.body
  }

  async function begin(event: 'SignIn' | 'Register' | 'ForgotPassword'): Promise<void> {
    const page = await visitor.open()
    expect(page === '/sign-in', 'expected to be sent to the sign-in page', page)
    await experience('PUT', '', 204, { interactionEvent: event })
  }

  /** Asks for a code and reads it where it arrives. */
  async function askForCode(interactionEvent: string): Promise<{ verificationId: unknown; code: string }> {
    const { verificationId } = await experience('POST', '/verification/verification-code', 200, {
      identifier,
      interactionEvent,
    })
    const { code, cloud: from } = await inbox.next(cloud.user)
    expect(code !== undefined && from === cloud.id, `expected a code over ${cloud.id}`, { code, from })
    return { verificationId, code }
  }

  const check = (verificationId: unknown, code: string) =>
    visitor.experience('POST', '/verification/verification-code/verify', { identifier, verificationId, code })

  async function proveByCode(event: string): Promise<unknown> {
    const { verificationId, code } = await askForCode(event)
    const { status, body } = await check(verificationId, code)
    expect(status === 200, 'expected the code to be right', body)
    return verificationId
  }

  async function submit(): Promise<SignedIn> {
    const { redirectTo } = await experience('POST', '/submit', 200)
    return visitor.finish(String(redirectTo))
  }

  async function signIn(verificationId: unknown): Promise<void> {
    await experience('POST', '/identification', 204, { verificationId })
    session = await submit()
    expect(session.claims.sub === userId, 'expected the same user', session.claims)
  }

  async function signOut(): Promise<undefined> {
    const back = await visitor.signOut(session.idToken)
    expect(back.startsWith(POST_SIGN_OUT_URI), 'expected to come back to the application', back)
    return undefined
  }

  await chapter.step('an application is registered', async () => {
    const { status, body } = await management('POST', '/api/applications', {
      name: `Tour: ${cloud.title}`,
      type: 'Traditional',
      oidcClientMetadata: { redirectUris: [REDIRECT_URI], postLogoutRedirectUris: [POST_SIGN_OUT_URI] },
    })
    expect(status === 200, 'expected status 200', body)
    application = {
      id: String(body.id),
      secret: await secretOf(management, body),
      redirectUri: REDIRECT_URI,
      postSignOutUri: POST_SIGN_OUT_URI,
    }
    visitor = await createVisitor(endpoint, application)
    return application.id
  })

  await chapter.step(`a new ${cloud.kind} registers with a code`, async () => {
    await begin('SignIn')
    const verificationId = await proveByCode('SignIn')
    // Unknown: the page now offers to register, and the proof counts for that as well.
    const unknown = await experience('POST', '/identification', 404, { verificationId })
    expect(unknown.code === 'user.user_not_exist', 'expected an unknown user', unknown)
    await experience('PUT', '/interaction-event', 204, { interactionEvent: 'Register' })
    await experience('POST', '/identification', 201, { verificationId })
    session = await submit()
    userId = session.claims.sub
    return undefined
  })

  await chapter.step('the application gets the right claims', async () => {
    for (const claims of [session.claims, session.userinfo]) {
      const value = cloud.kind === 'phone' ? claims.phone_number : claims.email
      const verified = cloud.kind === 'phone' ? claims.phone_number_verified : claims.email_verified
      expect(value === cloud.user && verified === true, 'expected the identifier, verified', claims)
    }
    const { body } = await management('GET', `/api/users/${userId}`)
    const stored = cloud.kind === 'phone' ? body.primaryPhone : body.primaryEmail
    expect(stored === cloud.user, 'expected the user among the users', body)
    return `sub ${userId}`
  })

  await chapter.step('the session signs in without a question', async () => {
    const address = await visitor.open()
    expect(address.startsWith(REDIRECT_URI), 'expected to come straight back', address)
    return undefined
  })

  await chapter.step('signs out', signOut)

  await chapter.step('a wrong code is refused, the right one taken, and a used one refused', async () => {
    await begin('SignIn')
    const { verificationId, code } = await askForCode('SignIn')
    const wrong = await check(verificationId, code === '123456' ? '654321' : '123456')
    expect(wrong.body.code === 'verification_code.code_mismatch', 'expected a refusal', wrong)
    const right = await check(verificationId, code)
    expect(right.status === 200, 'expected the code to be right', right)
    const again = await check(verificationId, code)
    expect(again.body.code === 'verification_code.not_found', 'expected a refusal', again)
    await signIn(verificationId)
    return 'signed in'
  })

  await chapter.step('a forgotten password is set anew after a code', async () => {
    await signOut()
    await begin('ForgotPassword')
    const verificationId = await proveByCode('ForgotPassword')
    await experience('POST', '/identification', 204, { verificationId })
    await experience('PUT', '/profile/password', 204, { password })
    await experience('POST', '/submit', 204)
    return undefined
  })

  await chapter.step('the new password signs in, another one does not', async () => {
    // The visit goes on after a reset: the page continues with signing in.
    await experience('PUT', '', 204, { interactionEvent: 'SignIn' })
    await experience('POST', '/verification/password', 422, { identifier, password: `${password}?` })
    const { verificationId } = await experience('POST', '/verification/password', 200, {
      identifier,
      password,
    })
    await signIn(verificationId)
    return undefined
  })
}

/** The secret of a new application: a member of the answer, else the first of its secrets. */
async function secretOf(management: Management, application: Record<string, unknown>): Promise<string> {
  const { body } = await management<{ value: string }[]>('GET', `/api/applications/${application.id}/secrets`)
  const value = Array.isArray(body) ? body[0]?.value : undefined
  expect(typeof value === 'string', 'expected a secret', body)
  return value
}
