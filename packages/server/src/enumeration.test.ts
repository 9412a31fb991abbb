import * as api from '@countersign/api'
import { describe, expect, test } from 'vitest'
import { eachServerDatabase, type FreshSettings } from './db/testing.ts'
import type { Browser, Seen } from './testing/browser.ts'
import { type Launched, launch } from './testing/launch.ts'
import { callConsole, signInOperator } from './testing/operator.ts'
import { go, PASSWORD } from './testing/visitor.ts'
import { createWitness } from './testing/witness.ts'

const witness = createWitness()

/** Identifiers of one person; each probe has a person of its own, so that none gets more messages than is allowed. */
const person = (index: number) => ({
  phone: `8613800138${index}`,
  email: `person${index}@example.com`,
  username: `person_${index}`,
})
type Whose = ReturnType<typeof person>

/** With registration open, an address without account gets a code like any other; closed, it gets none. */
const OPEN = 'SignInAndRegister'
const CLOSED = 'SignIn'

interface Probe {
  /** The operation of the API that is asked, if it is one. */
  operation?: string
  what: string
  mode?: typeof OPEN | typeof CLOSED
  /** The message to an account's owner leaves after the answer, so only the work before the answer is the same. */
  background?: boolean
  /** What must have happened before. */
  before?(visitor: Browser, whose: Whose): Promise<Context>
  act(visitor: Browser, whose: Whose, context: Context): Promise<Told>
}
type Context = { id?: string; page?: Seen }
type Told = { status: number; text: string; headers?: Headers }

const start = (event: string) => async (visitor: Browser) => {
  await visitor.experience('PUT', '', { interactionEvent: event })
  return {}
}
const ask = (visitor: Browser, event: string, type: 'phone' | 'email', whose: Whose) =>
  visitor.experience('POST', '/verification/verification-code', {
    identifier: { type, value: whose[type] },
    interactionEvent: event,
  })
const asked = (event: string, type: 'phone' | 'email') => async (visitor: Browser, whose: Whose) => {
  await start(event)(visitor)
  return { id: (await ask(visitor, event, type, whose)).json.verificationId as string }
}
const typed = (whose: Whose, kind: 'phone' | 'email' | 'username'): Record<string, string> =>
  kind === 'phone' ? { kind, value: `+${whose.phone}`, country: 'CN' } : { kind, value: whose[kind] }
const onPage = (path: string) => async (visitor: Browser) => ({ page: await go(visitor, path) })

const codeProbes = (['phone', 'email'] as const).flatMap((type): Probe[] => [
  ...(['SignIn', 'Register', 'ForgotPassword'] as const).map(
    (event): Probe => ({
      operation: 'CreateAndSendVerificationCode',
      what: `a code for ${event} by ${type}`,
      ...(event !== 'ForgotPassword' && { mode: OPEN }),
      background: event === 'ForgotPassword',
      before: start(event),
      act: (visitor, whose) => ask(visitor, event, type, whose),
    }),
  ),
  ...(['SignIn', 'Register'] as const).map(
    (event): Probe => ({
      operation: 'CreateAndSendVerificationCode',
      what: `a code for ${event} by ${type} while registration is closed`,
      mode: CLOSED,
      background: true,
      before: start(event),
      act: (visitor, whose) => ask(visitor, event, type, whose),
    }),
  ),
  ...(['000000', '', 'no'] as const).map(
    (code): Probe => ({
      operation: 'VerifyVerificationCodeInInteraction',
      what: `the wrong code "${code}" by ${type}`,
      before: asked('ForgotPassword', type),
      act: (visitor, whose, { id }) =>
        visitor.experience('POST', '/verification/verification-code/verify', {
          identifier: { type, value: whose[type] },
          verificationId: id,
          code,
        }),
    }),
  ),
  {
    operation: 'IdentifyUser',
    what: `an identification without proof by ${type}`,
    before: asked('ForgotPassword', type),
    act: (visitor, _, { id }) => visitor.experience('POST', '/identification', { verificationId: id }),
  },
  {
    operation: 'GetInteraction',
    what: `a look at the interaction by ${type}`,
    before: asked('ForgotPassword', type),
    act: visitor => visitor.experience('GET', '/interaction'),
  },
  {
    operation: 'SubmitInteraction',
    what: `a submission without proof by ${type}`,
    before: asked('ForgotPassword', type),
    act: visitor => visitor.experience('POST', '/submit'),
  },
  {
    what: `the page that resets a password, by ${type}`,
    background: true,
    before: onPage(`/reset-password?with=${type}`),
    act: (visitor, whose, { page }) => visitor.submit(page!, typed(whose, type)),
  },
  {
    what: `the first page while registration is closed, by ${type}`,
    mode: CLOSED,
    background: true,
    before: onPage(`/sign-in?with=${type}`),
    act: (visitor, whose, { page }) => visitor.submit(page!, typed(whose, type)),
  },
  {
    what: `the first page, by ${type}`,
    mode: OPEN,
    before: onPage(`/sign-in?with=${type}`),
    act: (visitor, whose, { page }) => visitor.submit(page!, typed(whose, type)),
  },
  {
    what: `a wrong code on the page, by ${type}`,
    before: async (visitor, whose) => ({
      page: await visitor.submit(await go(visitor, `/reset-password?with=${type}`), typed(whose, type)),
    }),
    act: (visitor, _, { page }) => visitor.submit(page!, { code: '000000' }),
  },
])

const passwordProbes = (['phone', 'email', 'username'] as const).flatMap((type): Probe[] => [
  {
    operation: 'CreatePasswordVerification',
    what: `a wrong password by ${type}`,
    before: start('SignIn'),
    act: (visitor, whose) =>
      visitor.experience('POST', '/verification/password', {
        identifier: { type, value: whose[type] },
        password: 'a wrong password',
      }),
  },
  {
    what: `the page that asks for the password, by ${type}`,
    before: onPage(`/sign-in?with=${type}`),
    act: (visitor, whose, { page }) => visitor.submit(page!, { ...typed(whose, type), use: 'password' }),
  },
  {
    what: `a wrong password on the page, by ${type}`,
    before: async (visitor, whose) => ({
      page: await visitor.submit(await go(visitor, `/sign-in?with=${type}`), {
        ...typed(whose, type),
        use: 'password',
      }),
    }),
    act: (visitor, _, { page }) => visitor.submit(page!, { password: 'a wrong password' }),
  },
  {
    what: `an authorization request that hints at an account by ${type}`,
    act: (visitor, whose) =>
      visitor.authorize(visitor.applicationId, 'https://app.example.com/callback', {
        login_hint: whose[type],
      }),
  },
])

const probes: Probe[] = [
  ...codeProbes,
  ...passwordProbes,
  {
    operation: 'GetEnabledSsoConnectors',
    what: 'the connectors of an address',
    before: start('SignIn'),
    act: (visitor, whose) =>
      visitor.experience('GET', `/sso-connectors?email=${encodeURIComponent(whose.email)}`),
  },
]

/** Open operations that tell nothing of accounts, or something that they are for; and why. */
const WITHOUT_PROBE: Record<string, string> = {
  InitInteraction: 'takes no identifier',
  GetCaptchaChallenge: 'takes no identifier',
  PassCaptcha: 'takes no identifier',
  UpdateInteractionEvent: 'takes no identifier',
  CreateNewPasswordIdentityVerification:
    'who chooses a username must be told that it is taken; a username is no address',
  AddUserProfile: 'takes addresses only with a proof of them; a username as above',
  ResetUserPassword: 'takes no identifier, and acts only for a user who is proven',
  SignInOperator: 'asked below, at the door of operators',
  CreateFirstOperator: 'answers only while there is no operator, and to the one-time link',
  ReadOperatorLink: 'answers only to the one-time link',
  SetOperatorPassword: 'answers only to the one-time link',
  GetConsoleState: 'takes no identifier',
  GetWellKnownAccountCenter: 'takes no identifier',
  GetSignInExperiencePhrases: 'takes no identifier',
  GetSignInExperienceConfig: 'takes no identifier',
  GetWellKnownExperience: 'takes no identifier',
  GetLive: 'takes no identifier',
  GetReady: 'takes no identifier',
  GetStatus: 'takes no identifier',
  GetSwaggerJson: 'takes no identifier',
  GetWellKnownManagementOpenapiJson: 'takes no identifier',
  GetWellKnownExperienceOpenapiJson: 'takes no identifier',
  GetWellKnownUserOpenapiJson: 'takes no identifier',
}

async function serverFor(fresh: FreshSettings, mode: string): Promise<Launched> {
  const server = await launch(await fresh())
  await server.connect('aliyun-sms')
  await server.connect('aliyun-dm')
  const method = (identifier: string) => ({
    identifier,
    password: true,
    verificationCode: identifier !== 'username',
    isPasswordPrimary: false,
  })
  const answer = await server.manage('PATCH', '/api/sign-in-exp', {
    signUp: { identifiers: ['email', 'phone'], password: false, verify: true },
    signIn: { methods: ['phone', 'email', 'username'].map(method) },
    forgotPasswordMethods: ['PhoneVerificationCode', 'EmailVerificationCode'],
    signInMode: mode,
  })
  if (answer.status !== 200) throw new Error(await answer.text())
  return server
}

async function withAccount(server: Launched, { phone, email, username }: Whose): Promise<Whose> {
  const user = { primaryPhone: phone, primaryEmail: email, username, password: PASSWORD }
  const answer = await server.manage('POST', '/api/users', user)
  if (answer.status !== 200) throw new Error(await answer.text())
  return { phone, email, username }
}

/** What an answer shows, without what is new each time or was given by the visitor. */
function shapeOf(told: Told, whose: Whose): object {
  const given = [...Object.values(whose), whose.phone.slice(2), whose.phone.slice(-4)]
  const strike = (text: string) =>
    given
      .flatMap(each => [each, encodeURIComponent(each)])
      .sort((one, other) => other.length - one.length)
      .reduce((rest, each) => rest.replaceAll(each, '…'), text)
  const text = told.text
    .replaceAll(/"(verificationId|id)":"[^"]+"/g, '"$1":"…"')
    .replaceAll(/name="csrf" value="[^"]*"/g, '…')
    .replaceAll(/app_id=[0-9a-z]+/g, '…')
    .replaceAll(/interaction=[\w-]{43}/g, '…')
    // The seconds until another code can be asked for, which a slow machine counts on.
    .replaceAll(/data-wait="\d+"/g, '…')
  return { status: told.status, names: [...(told.headers?.keys() ?? [])].sort(), text: strike(text) }
}

eachServerDatabase('whether an account exists', fresh => {
  describe.each([OPEN, CLOSED] as const)('while the sign-in mode is %s', mode => {
    test('is told by no answer to a visitor, nor by the work for it', async () => {
      const server = await serverFor(fresh, mode)
      const differences: unknown[] = []
      let statements = 0
      for (const [index, probe] of probes.entries()) {
        if ((probe.mode ?? mode) !== mode) continue
        const ends = []
        for (const whose of [await withAccount(server, person(100 + 2 * index)), person(101 + 2 * index)]) {
          // With a new application the server's memory begins anew, so that both find the same in it.
          const visitor = await server.visit()
          const context = (await probe.before?.(visitor, whose)) ?? {}
          const { result, work } = await witness.watch(server.app, () => probe.act(visitor, whose, context))
          ends.push({
            shape: shapeOf(result, whose),
            sql: probe.background ? work.beforeAnswer : work.all,
            hashes: work.hashes,
          })
        }
        const [known, missing] = ends
        if (JSON.stringify(known) !== JSON.stringify(missing)) differences.push([probe.what, known, missing])
        statements += known!.sql.length
      }
      expect(differences).toEqual([])
      expect(statements, 'the work is seen').toBeGreaterThan(100)
    }, 120_000)
  })

  test('is not told of operators either', async () => {
    const { app } = await launch(await fresh())
    await signInOperator(app)
    const call = callConsole(app)
    const ends = []
    for (const name of ['Ada', 'Eve']) {
      const { result, work } = await witness.watch(app, () =>
        call('POST', '/api/console/session', { name, password: 'a wrong password' }),
      )
      ends.push({ status: result.status, text: await result.text(), ...work })
    }
    expect(ends[0]).toMatchObject({ status: 422, hashes: 1 })
    expect(ends[1]).toEqual(ends[0])
  })
})

test('every open operation is asked above, or it is said why not', () => {
  const open = Object.entries(api)
    .filter(([name]) => name.endsWith('Routes'))
    .flatMap(([, routes]) => Object.values(routes as Record<string, api.Route>))
    .filter(({ auth }) => auth === 'none' || auth === 'interaction')
    .map(({ operationId }) => operationId)
  const told = [...probes.flatMap(({ operation }) => operation ?? []), ...Object.keys(WITHOUT_PROBE)]
  expect(open.filter(each => !told.includes(each))).toEqual([])
  expect(told.filter(each => !open.includes(each))).toEqual([])
})
