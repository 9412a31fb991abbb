import { randomBytes } from 'node:crypto'
import type { Cloud } from './cloud.ts'
import type { InboxReader } from './inbox.ts'
import type { Management } from './management.ts'
import { type Chapter, expect } from './steps.ts'
import { createVisitor, type RegisteredApplication, type SignedIn, type Visitor } from './visitor.ts'

const REDIRECT_URI = 'http://localhost:9/callback'
const POST_SIGN_OUT_URI = 'http://localhost:9/goodbye'

/** What the end user of the tour lives in. */
interface Around {
  management: Management
  inbox: InboxReader
  endpoint: string
}

type Event = 'SignIn' | 'Register' | 'ForgotPassword'

/** The end user of one cloud: what they do on the pages of an application. */
class EndUser {
  readonly identifier: { type: Cloud['kind']; value: string }
  readonly #cloud: Cloud
  readonly #inbox: InboxReader
  readonly visitor: Visitor
  session!: SignedIn
  userId: unknown

  constructor(cloud: Cloud, inbox: InboxReader, visitor: Visitor) {
    this.identifier = { type: cloud.kind, value: cloud.user }
    this.#cloud = cloud
    this.#inbox = inbox
    this.visitor = visitor
  }

  /** Calls the Experience API and holds it to a status. */
  async experience(method: string, path: string, wanted: number, body?: unknown) {
    const answer = await this.visitor.experience(method, path, body)
    expect(answer.status === wanted, `expected ${wanted} from ${method} ${path}`, answer)
    return answer.body
  }

  async begin(event: Event): Promise<void> {
    const page = await this.visitor.open()
    expect(page === '/sign-in', 'expected to be sent to the sign-in page', page)
    await this.experience('PUT', '', 204, { interactionEvent: event })
  }

  /** Asks for a code and reads it where it arrives. */
  async askForCode(interactionEvent: Event): Promise<{ verificationId: unknown; code: string }> {
    const { identifier } = this
    const { verificationId } = await this.experience('POST', '/verification/verification-code', 200, {
      identifier,
      interactionEvent,
    })
    const { code, cloud: from } = await this.#inbox.next(this.#cloud.user)
    expect(code !== undefined && from === this.#cloud.id, `expected a code over ${this.#cloud.id}`, {
      code,
      from,
    })
    return { verificationId, code }
  }

  check(verificationId: unknown, code: string) {
    return this.visitor.experience('POST', '/verification/verification-code/verify', {
      identifier: this.identifier,
      verificationId,
      code,
    })
  }

  async proveByCode(event: Event): Promise<unknown> {
    const { verificationId, code } = await this.askForCode(event)
    const { status, body } = await this.check(verificationId, code)
    expect(status === 200, 'expected the code to be right', body)
    return verificationId
  }

  async submit(): Promise<void> {
    const { redirectTo } = await this.experience('POST', '/submit', 200)
    this.session = await this.visitor.finish(String(redirectTo))
  }

  async signIn(verificationId: unknown): Promise<void> {
    await this.experience('POST', '/identification', 204, { verificationId })
    await this.submit()
    expect(this.session.claims.sub === this.userId, 'expected the same user', this.session.claims)
  }

  async signOut(): Promise<undefined> {
    const back = await this.visitor.signOut(this.session.idToken)
    expect(back.startsWith(POST_SIGN_OUT_URI), 'expected to come back to the application', back)
    return undefined
  }
}

/** Steps 5 of a cloud: an application is registered and an end user signs in to it, in every way. */
export async function liveThrough(
  chapter: Chapter,
  cloud: Cloud,
  { management, inbox, endpoint }: Around,
): Promise<void> {
  let user!: EndUser
  await chapter.step('an application is registered', async () => {
    const application = await registerApplication(management, cloud)
    user = new EndUser(cloud, inbox, await createVisitor(endpoint, application))
    return application.id
  })
  await registerAndSignOut(chapter, cloud, management, user)
  await signInByCode(chapter, user)
  await renewPassword(chapter, user)
}

async function registerApplication(management: Management, { title }: Cloud): Promise<RegisteredApplication> {
  const { status, body } = await management('POST', '/api/applications', {
    name: `Tour: ${title}`,
    type: 'Traditional',
    oidcClientMetadata: { redirectUris: [REDIRECT_URI], postLogoutRedirectUris: [POST_SIGN_OUT_URI] },
  })
  expect(status === 200, 'expected status 200', body)
  return {
    id: String(body.id),
    secret: await secretOf(management, body),
    redirectUri: REDIRECT_URI,
    postSignOutUri: POST_SIGN_OUT_URI,
  }
}

/** The user registers with a code, is known to the application and to the operators, and signs out. */
async function registerAndSignOut(
  chapter: Chapter,
  cloud: Cloud,
  management: Management,
  user: EndUser,
): Promise<void> {
  await chapter.step(`a new ${cloud.kind} registers with a code`, async () => {
    await user.begin('SignIn')
    const verificationId = await user.proveByCode('SignIn')
    // Unknown: the page now offers to register, and the proof counts for that as well.
    const unknown = await user.experience('POST', '/identification', 404, { verificationId })
    expect(unknown.code === 'user.user_not_exist', 'expected an unknown user', unknown)
    await user.experience('PUT', '/interaction-event', 204, { interactionEvent: 'Register' })
    await user.experience('POST', '/identification', 201, { verificationId })
    await user.submit()
    user.userId = user.session.claims.sub
    return undefined
  })

  await chapter.step('the application gets the right claims', async () => {
    for (const claims of [user.session.claims, user.session.userinfo]) {
      const value = cloud.kind === 'phone' ? claims.phone_number : claims.email
      const verified = cloud.kind === 'phone' ? claims.phone_number_verified : claims.email_verified
      expect(value === cloud.user && verified === true, 'expected the identifier, verified', claims)
    }
    const { body } = await management('GET', `/api/users/${user.userId}`)
    const stored = cloud.kind === 'phone' ? body.primaryPhone : body.primaryEmail
    expect(stored === cloud.user, 'expected the user among the users', body)
    return `sub ${user.userId}`
  })

  await chapter.step('the session signs in without a question', async () => {
    const address = await user.visitor.open()
    expect(address.startsWith(REDIRECT_URI), 'expected to come straight back', address)
    return undefined
  })

  await chapter.step('signs out', () => user.signOut())
}

async function signInByCode(chapter: Chapter, user: EndUser): Promise<void> {
  await chapter.step('a wrong code is refused, the right one taken, and a used one refused', async () => {
    await user.begin('SignIn')
    const { verificationId, code } = await user.askForCode('SignIn')
    const wrong = await user.check(verificationId, code === '123456' ? '654321' : '123456')
    expect(wrong.body.code === 'verification_code.code_mismatch', 'expected a refusal', wrong)
    const right = await user.check(verificationId, code)
    expect(right.status === 200, 'expected the code to be right', right)
    const again = await user.check(verificationId, code)
    expect(again.body.code === 'verification_code.not_found', 'expected a refusal', again)
    await user.signIn(verificationId)
    return 'signed in'
  })
}

async function renewPassword(chapter: Chapter, user: EndUser): Promise<void> {
  const password = randomBytes(12).toString('base64url')
  await chapter.step('a forgotten password is set anew after a code', async () => {
    await user.signOut()
    await user.begin('ForgotPassword')
    const verificationId = await user.proveByCode('ForgotPassword')
    await user.experience('POST', '/identification', 204, { verificationId })
    await user.experience('PUT', '/profile/password', 204, { password })
    await user.experience('POST', '/submit', 204)
    return undefined
  })

  await chapter.step('the new password signs in, another one does not', async () => {
    // The visit goes on after a reset: the page continues with signing in.
    await user.experience('PUT', '', 204, { interactionEvent: 'SignIn' })
    await user.experience('POST', '/verification/password', 422, {
      identifier: user.identifier,
      password: `${password}?`,
    })
    const { verificationId } = await user.experience('POST', '/verification/password', 200, {
      identifier: user.identifier,
      password,
    })
    await user.signIn(verificationId)
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
