import type { FieldControls } from '@countersign/api'
import type { Browser } from '../testing/browser.ts'
import { type Launched, launch } from '../testing/launch.ts'

export const EMAIL = 'ada@example.com'
export const PHONE = '8613800138000'
export const PASSWORD = 'a good passphrase'
export const SESSIONS = 'urn:logto:scope:sessions'

const EVERYTHING = `openid profile address email phone custom_data identities ${SESSIONS}`

/** Every part of the account may be changed. */
export const OPEN: FieldControls = {
  name: 'Edit',
  avatar: 'Edit',
  username: 'Edit',
  customData: 'Edit',
  profile: 'Edit',
  email: 'Edit',
  phone: 'Edit',
  password: 'Edit',
  session: 'Edit',
  social: 'Edit',
}

/** An answer to a call of the account API. */
export type Answered = Awaited<ReturnType<typeof callWith>>

/** A user who signed in with an application, and calls with the access token that it got. */
export interface SignedIn {
  browser: Browser
  userId: string
  token: string
  refreshToken?: string
  applicationId: string
  call(method: string, path: string, body?: unknown, proofId?: string): Promise<Answered>
  /** Proves the own identity by the password; returns the record. */
  proof(password?: string): Promise<string>
  /** Has a code sent; returns the record. */
  send(identifier: object, templateType?: string): Promise<string>
  verify(identifier: object, verificationId: string, code: string): Promise<Answered>
}

/** A server on which users may manage their account; `env` is for the process. */
export async function ready(
  fields: FieldControls = OPEN,
  settings: object = {},
  env: Record<string, string> = {},
): Promise<Launched> {
  const server = await launch(env)
  await server.connect('aliyun-sms')
  await server.connect('aliyun-dm')
  await changed(server, '/api/sign-in-exp', {
    signUp: { identifiers: ['username'], password: true, verify: false },
    signIn: {
      methods: [
        { identifier: 'username', password: true, verificationCode: false, isPasswordPrimary: true },
        { identifier: 'phone', password: true, verificationCode: true, isPasswordPrimary: false },
      ],
    },
    ...settings,
  })
  await changed(server, '/api/account-center', { enabled: true, fields })
  return server
}

/** Changes something of the server's settings. */
export async function changed(server: Launched, path: string, change: object): Promise<void> {
  const answer = await server.manage('PATCH', path, change)
  if (answer.status !== 200) throw new Error(`${path}: ${await answer.text()}`)
}

/** Turns an application that users signed in with into one of somebody else, which the API does not offer. */
export async function makeThirdParty(server: Launched, applicationId: string): Promise<void> {
  await server.app.applications.update(applicationId, { isThirdParty: true } as object)
}

/** Makes a user; with username and password unless told otherwise. */
export async function newUser(server: Launched, input: object = {}): Promise<string> {
  const answer = await server.manage('POST', '/api/users', {
    username: 'ada',
    password: PASSWORD,
    ...input,
  })
  if (answer.status !== 200) throw new Error(await answer.text())
  return ((await answer.json()) as { id: string }).id
}

/** Calls a path with a token. */
export async function callWith(
  server: Launched,
  authorization: string | undefined,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
) {
  const answer = await fetch(`${server.endpoint}${path}`, {
    method,
    headers: {
      ...(authorization !== undefined && { authorization }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  const json = answer.headers.get('content-type')?.startsWith('application/json')
  return { status: answer.status, body: json ? JSON.parse(text) : text, headers: answer.headers }
}

/** Spends the code that a browser came back with. */
export async function redeem(server: Launched, browser: Browser): Promise<Record<string, string>> {
  const code = browser.leftTo?.searchParams.get('code')
  if (!code) throw new Error(`Came back with ${browser.leftTo}`)
  return token(server, browser.applicationId, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: 'https://app.example.com/callback',
    code_verifier: 'verifier-of-test-verifier-of-test-verifier-of-test',
  })
}

/** Asks for tokens. */
export async function token(
  server: Launched,
  applicationId: string,
  form: Record<string, string>,
): Promise<Record<string, string>> {
  const answer = await fetch(`${server.endpoint}/oidc/token`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: applicationId, ...form }),
  })
  return (await answer.json()) as Record<string, string>
}

/** Signs a user in with a browser and a new application, with a password. */
export async function signIn(
  server: Launched,
  { scope = EVERYTHING, username = 'ada' }: { scope?: string; username?: string } = {},
): Promise<SignedIn> {
  const browser = await server.visit({ scope })
  await browser.experience('PUT', '', { interactionEvent: 'SignIn' })
  const verified = await browser.experience('POST', '/verification/password', {
    identifier: { type: 'username', value: username },
    password: PASSWORD,
  })
  await browser.experience('POST', '/identification', { verificationId: verified.json.verificationId })
  const { json } = await browser.experience('POST', '/submit')
  await browser.open(json.redirectTo)
  const { access_token, refresh_token, error } = await redeem(server, browser)
  if (error !== undefined) throw new Error(error)
  const user = await server.app.users.find({ type: 'username', value: username })
  const call: SignedIn['call'] = (method, path, body, proofId) =>
    callWith(
      server,
      `Bearer ${access_token}`,
      method,
      path,
      body,
      proofId === undefined ? {} : { 'logto-verification-id': proofId },
    )
  return {
    browser,
    userId: user!.id,
    token: access_token!,
    ...(refresh_token !== undefined && { refreshToken: refresh_token }),
    applicationId: browser.applicationId,
    call,
    async proof(password = PASSWORD) {
      const { status, body } = await call('POST', '/api/verifications/password', { password })
      if (status !== 201) throw new Error(JSON.stringify(body))
      return body.verificationRecordId
    },
    async send(identifier, templateType) {
      const request = { identifier, ...(templateType !== undefined && { templateType }) }
      const { status, body } = await call('POST', '/api/verifications/verification-code', request)
      if (status !== 201) throw new Error(JSON.stringify(body))
      return body.verificationRecordId
    },
    verify: (identifier, verificationId, code) =>
      call('POST', '/api/verifications/verification-code/verify', { identifier, verificationId, code }),
  }
}

/** Has a code sent to an identifier and enters it; returns the verified record. */
export async function verified(
  server: Launched,
  user: SignedIn,
  identifier: { type: 'email' | 'phone'; value: string },
): Promise<string> {
  const id = await user.send(identifier)
  const inbox = identifier.type === 'phone' ? `+${identifier.value}` : identifier.value
  const { status, body } = await user.verify(identifier, id, server.codeFor(inbox))
  if (status !== 200) throw new Error(JSON.stringify(body))
  return id
}
