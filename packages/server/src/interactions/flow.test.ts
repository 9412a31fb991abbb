import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DEFAULT_EXPERIENCE } from '../experience/defaults.ts'
import { statusOf } from '../http/errors.ts'
import type { ApiError } from '../refusals/refusal.ts'
import { describe as described } from './describe.ts'
import {
  type Event,
  humanityOf,
  missingProfile,
  type State,
  step,
  templateTypeOf,
  type VerificationRecord,
} from './flow.ts'

const experience = {
  ...DEFAULT_EXPERIENCE,
  signIn: {
    methods: (['username', 'email', 'phone'] as const).map(identifier => ({
      identifier,
      password: true,
      verificationCode: identifier !== 'username',
      isPasswordPrimary: false,
    })),
  },
  forgotPasswordMethods: null,
}
const phoneRecord = (change: Partial<VerificationRecord> = {}): VerificationRecord => ({
  id: 'record',
  type: 'PhoneVerificationCode',
  identifier: { type: 'phone', value: '8613800138000' },
  verified: false,
  templateType: 'SignIn',
  ...change,
})
const owner = { id: 'ada', isSuspended: false, sessionEpoch: 0 }

/** The state after several events; each must be allowed. */
const after = (...events: Event[]) => events.reduce<State | undefined>(step, undefined)!

const begun = (event: State['event'] = 'SignIn'): Event => ({ type: 'begin', event })
const added = (change?: Partial<VerificationRecord>): Event => ({
  type: 'add-record',
  record: phoneRecord(change),
})
const identify = (change: Partial<Extract<Event, { type: 'identify' }>> = {}): Event => ({
  type: 'identify',
  id: 'record',
  experience,
  owner,
  ...change,
})

/** Code and status of the refusal of an event. */
function refusal(state: State | undefined, event: Event): string | undefined {
  try {
    step(state, event)
    return undefined
  } catch (error) {
    const told = error as ApiError
    return `${statusOf(told)} ${told.code}`
  }
}

const ALL_EVENTS: Exclude<Event, { type: 'begin' }>[] = [
  { type: 'change-event', event: 'Register', mode: 'SignInAndRegister' },
  { type: 'add-record', record: phoneRecord() },
  { type: 'drop-record', id: 'record', previous: undefined },
  { type: 'record-verified', id: 'record', epoch: 0 },
  { type: 'identify', id: 'record', experience, owner },
  { type: 'stage-record', id: 'record' },
  { type: 'stage', profile: {}, userId: undefined },
  { type: 'user-created', userId: 'ada', epoch: 0 },
  { type: 'password-reset', passwordHash: 'x' },
]

describe('an interaction', () => {
  test.each(ALL_EVENTS.map(event => [event.type, event] as const))(
    'refuses %s before it has begun',
    (_, event) => {
      expect(refusal(undefined, event)).toBe('404 session.interaction_not_found')
    },
  )

  test('that begins again loses everything', () => {
    const state = after(begun(), added({ verified: true }), identify(), {
      type: 'stage',
      profile: { name: 'A' },
      userId: 'ada',
    })
    expect(step(state, begun('Register'))).toEqual({ event: 'Register', profile: {}, records: [] })
  })

  test('keeps proofs and user when it changes between signing in and registering, and loses what was staged', () => {
    const state = after(begun(), added({ verified: true }), identify(), {
      type: 'stage',
      profile: { name: 'A' },
      userId: 'ada',
    })
    const changed = step(state, { type: 'change-event', event: 'Register', mode: 'SignInAndRegister' })
    expect(changed).toEqual({ ...state, event: 'Register', profile: {} })
    expect(step(state, { type: 'change-event', event: 'SignIn', mode: 'SignInAndRegister' })).toBe(state)
  })

  test.each([
    ['SignIn', 'Register', 'SignIn', '403 auth.forbidden'],
    ['Register', 'SignIn', 'Register', '403 auth.forbidden'],
    ['SignIn', 'ForgotPassword', 'SignInAndRegister', '400 session.not_supported_for_forgot_password'],
    ['ForgotPassword', 'SignIn', 'SignInAndRegister', '400 session.not_supported_for_forgot_password'],
  ] as const)('of %s does not change to %s while the mode is %s', (from, event, mode, expected) => {
    expect(refusal(after(begun(from)), { type: 'change-event', event, mode })).toBe(expected)
  })
})

describe('a proof', () => {
  test('takes the place of the earlier one of its kind', () => {
    const mail = phoneRecord({ id: 'mail', type: 'EmailVerificationCode' })
    const state = after(begun(), added(), { type: 'add-record', record: mail }, added({ id: 'new' }))
    expect(state.records.map(record => record.id)).toEqual(['mail', 'new'])
    expect(refusal(state, { type: 'record-verified', id: 'record', epoch: 0 })).toBe(
      '404 session.verification_session_not_found',
    )
  })

  test('whose message did not go out gives way to the earlier one, unless a newer one came', () => {
    const first = phoneRecord({ verified: true })
    const state = after(begun(), { type: 'add-record', record: first }, added({ id: 'second' }))
    const dropped: Event = { type: 'drop-record', id: 'second', previous: first }
    expect(step(state, dropped).records).toEqual([first])
    const newer = step(state, added({ id: 'third' }))
    expect(step(newer, dropped)).toBe(newer)
    expect(step(state, { ...dropped, previous: undefined }).records).toEqual([])
  })
})

describe('who somebody is', () => {
  const verified = after(begun(), added({ verified: true }))

  test('is known by a verified proof of an identifier with an owner', () => {
    expect(step(verified, identify()).userId).toBe('ada')
    const again = step(verified, identify())
    expect(step(again, identify())).toEqual(again)
  })

  test.each<[string, State, Partial<Extract<Event, { type: 'identify' }>>]>([
    ['404 session.verification_session_not_found', verified, { id: 'other' }],
    ['403 auth.forbidden', verified, { experience: { ...experience, signInMode: 'Register' } }],
    ['422 user.sign_in_method_not_enabled', verified, { experience: DEFAULT_EXPERIENCE }],
    [
      '422 user.sign_in_method_not_enabled',
      after(begun(), added({ type: 'NewPasswordIdentity', verified: true })),
      {},
    ],
    ['400 session.verification_failed', after(begun(), added()), {}],
    ['404 user.user_not_exist', verified, { owner: undefined }],
    ['401 user.suspended', verified, { owner: { ...owner, isSuspended: true } }],
    ['409 session.identity_conflict', { ...verified, userId: 'grace' }, {}],
    [
      '422 session.not_supported_for_forgot_password',
      { ...verified, event: 'ForgotPassword' },
      { experience: { ...experience, forgotPasswordMethods: ['EmailVerificationCode'] } },
    ],
    [
      '422 session.not_supported_for_forgot_password',
      { ...after(begun(), added({ type: 'Password', verified: true })), event: 'ForgotPassword' },
      {},
    ],
  ])('is refused with %s', (expected, state, change) => {
    expect(refusal(state, identify(change))).toBe(expected)
  })

  test('does not tell that an account is suspended before the proof', () => {
    const suspended = identify({ owner: { ...owner, isSuspended: true } })
    expect(refusal(after(begun(), added()), suspended)).toBe('400 session.verification_failed')
  })

  test('is refused for a password where only codes sign in', () => {
    const methods = experience.signIn.methods.map(method => ({ ...method, password: false }))
    const state = after(begun(), added({ type: 'Password', verified: true }))
    expect(refusal(state, identify({ experience: { ...experience, signIn: { methods } } }))).toBe(
      '422 user.sign_in_method_not_enabled',
    )
  })
})

describe('a registration', () => {
  test.each([
    [phoneRecord({ verified: true }), { primaryPhone: '8613800138000' }],
    [
      phoneRecord({
        type: 'EmailVerificationCode',
        identifier: { type: 'email', value: 'a@b.cc' },
        verified: true,
      }),
      { primaryEmail: 'a@b.cc' },
    ],
    [
      phoneRecord({
        type: 'NewPasswordIdentity',
        identifier: { type: 'username', value: 'ada' },
        verified: true,
        passwordHash: 'hash',
      }),
      { username: 'ada', passwordHash: 'hash' },
    ],
  ])('stages what was proved: %o', (record, profile) => {
    const state = after(
      begun('Register'),
      { type: 'add-record', record },
      { type: 'stage-record', id: 'record' },
    )
    expect(state.profile).toEqual(profile)
    expect(step(state, { type: 'user-created', userId: 'ada', epoch: 0 })).toMatchObject({
      userId: 'ada',
      profile: {},
    })
  })

  test('builds on no unverified proof and on no password', () => {
    for (const change of [{}, { type: 'Password', verified: true }] as const)
      expect(refusal(after(begun('Register'), added(change)), { type: 'stage-record', id: 'record' })).toBe(
        '400 session.verification_failed',
      )
  })

  test('stages nothing once its user is created, and nothing that was judged for somebody else', () => {
    const state = after(
      begun('Register'),
      added({ verified: true }),
      { type: 'stage-record', id: 'record' },
      { type: 'user-created', userId: 'ada', epoch: 0 },
    )
    expect(refusal(state, { type: 'stage-record', id: 'record' })).toBe('409 session.identity_conflict')
    const late: Event = { type: 'stage', profile: { username: 'ada' }, userId: undefined }
    expect(refusal(state, late)).toBe('409 session.identity_conflict')
    expect(step(state, { ...late, userId: 'ada' }).profile).toEqual({ username: 'ada' })
  })

  test('loses no member of profile and custom data that different requests bring', () => {
    const state = after(
      begun('Register'),
      { type: 'stage', profile: { profile: { nickname: 'A' }, customData: { a: 1 } }, userId: undefined },
      { type: 'stage', profile: { name: 'Ada', profile: { locale: 'zh' } }, userId: undefined },
    )
    const profile = { nickname: 'A', locale: 'zh' }
    expect(state.profile).toEqual({ name: 'Ada', profile, customData: { a: 1 } })
  })

  test('happens once', () => {
    const state = after(begun('Register'), { type: 'user-created', userId: 'ada', epoch: 0 })
    expect(refusal(state, { type: 'user-created', userId: 'grace', epoch: 0 })).toBe(
      '409 session.identity_conflict',
    )
  })
})

describe('further fields', () => {
  const stage = (profile: Extract<Event, { type: 'stage' }>['profile']): Event => ({
    type: 'stage',
    profile,
    userId: undefined,
  })

  test('are added to those that are staged, and a later one replaces an earlier one of its name', () => {
    const state = after(
      begun('Register'),
      stage({ name: 'Ada', profile: { givenName: 'Ada' }, customData: { a: 1, b: 1 } }),
      stage({ profile: { familyName: 'L' }, customData: { b: 2 } }),
    )
    expect(state.profile).toEqual({
      name: 'Ada',
      profile: { givenName: 'Ada', familyName: 'L' },
      customData: { a: 1, b: 2 },
    })
  })

  test('take 44 KiB at most, in however many steps they come', () => {
    let state = after(begun('Register'))
    let steps = 0
    const event = () => stage({ customData: { [`field${steps}`]: 'é'.repeat(500) } })
    for (; refusal(state, event()) === undefined; steps += 1) state = step(state, event())
    expect(refusal(state, event())).toBe('400 guard.invalid_input')
    expect(steps).toBe(44)
    expect(Buffer.byteLength(JSON.stringify(state.profile))).toBeLessThanOrEqual(44 * 1024)
  })
})

test('a new password is staged only for a reset whose user is known', () => {
  const reset: Event = { type: 'password-reset', passwordHash: 'hash' }
  expect(refusal(after(begun()), reset)).toBe('400 session.invalid_interaction_type')
  expect(refusal(after(begun('ForgotPassword')), reset)).toBe('404 session.identifier_not_found')
  const state = after(begun('ForgotPassword'), added({ verified: true }), identify())
  expect(step(state, reset).profile).toEqual({ passwordHash: 'hash' })
})

test.each([
  [{ identifiers: ['username'], password: true, verify: false }, {}, ['username', 'password']],
  [{ identifiers: ['phone'], password: false, verify: true }, {}, ['phone']],
  [{ identifiers: ['phone', 'email'], password: false, verify: true }, {}, ['emailOrPhone']],
  [{ identifiers: ['phone', 'email'], password: false, verify: true }, { primaryEmail: 'a' }, []],
  [{ identifiers: ['username', 'phone'], password: false, verify: true }, {}, ['username']],
  [
    {
      identifiers: ['username'],
      password: false,
      verify: true,
      secondaryIdentifiers: [{ identifier: 'emailOrPhone' }],
    },
    { username: 'ada' },
    ['emailOrPhone'],
  ],
  [{ identifiers: [], password: false, verify: false }, {}, []],
] as const)('%o of somebody with %o misses %o', (signUp, has, expected) => {
  expect(missingProfile(signUp as never, has)).toEqual(expected)
})

test('a code goes out with the template of its event, or of a binding for somebody who is known', () => {
  const signUp = { identifiers: ['email' as const], password: false, verify: true }
  const known = { ...after(begun()), userId: 'ada' }
  expect(templateTypeOf('Register', 'phone', after(begun()), { ...experience, signUp })).toBe('Register')
  expect(templateTypeOf('SignIn', 'phone', known, { ...experience, signUp })).toBe('BindMfa')
  expect(templateTypeOf('SignIn', 'email', known, { ...experience, signUp })).toBe('SignIn')
})

describe('whatever happens in whatever order', () => {
  const id = fc.constantFrom('one', 'two', 'three')
  const record = fc.record({
    id,
    type: fc.constantFrom<VerificationRecord['type'][]>(
      'EmailVerificationCode',
      'PhoneVerificationCode',
      'Password',
      'NewPasswordIdentity',
    ),
    identifier: fc.constantFrom<VerificationRecord['identifier'][]>(
      { type: 'email', value: 'a@b.cc' },
      { type: 'phone', value: '8613800138000' },
      { type: 'username', value: 'ada' },
    ),
    verified: fc.boolean(),
  })
  const interactionEvent = fc.constantFrom('SignIn' as const, 'Register' as const, 'ForgotPassword' as const)
  const event: fc.Arbitrary<Event> = fc.oneof(
    fc.record({ type: fc.constant('begin' as const), event: interactionEvent }),
    fc.record({
      type: fc.constant('change-event' as const),
      event: interactionEvent,
      mode: fc.constantFrom('SignIn' as const, 'Register' as const, 'SignInAndRegister' as const),
    }),
    fc.record({ type: fc.constant('add-record' as const), record }),
    fc.record({
      type: fc.constant('drop-record' as const),
      id,
      previous: fc.option(record, { nil: undefined }),
    }),
    fc.record({ type: fc.constant('record-verified' as const), id, epoch: fc.nat(1) }),
    fc.record({
      type: fc.constant('identify' as const),
      id,
      experience: fc.constant(experience),
      owner: fc.constantFrom(
        undefined,
        owner,
        { id: 'grace', isSuspended: false, sessionEpoch: 0 },
        { id: 'eve', isSuspended: true, sessionEpoch: 0 },
      ),
    }),
    fc.record({ type: fc.constant('stage-record' as const), id }),
    fc.record({
      type: fc.constant('stage' as const),
      profile: fc.constantFrom({ name: 'Ada' }, { username: 'ada' }),
      userId: fc.constantFrom(undefined, 'ada', 'new-1'),
    }),
    fc.record({
      type: fc.constant('user-created' as const),
      userId: fc.constantFrom('new-1', 'new-2'),
      epoch: fc.constant(0),
    }),
    fc.record({ type: fc.constant('password-reset' as const), passwordHash: fc.constant('hash') }),
  )

  /** Applies the events that are allowed and hands each step to a check. */
  function walk(
    events: Event[],
    check: (before: State | undefined, event: Event, next: State) => void,
  ): void {
    let state: State | undefined
    for (const each of events) {
      const frozen = JSON.stringify(state)
      try {
        const next = step(state, each)
        check(state, each, next)
        expect(JSON.stringify(state)).toBe(frozen)
        expect(step(state, each)).toEqual(next)
        state = next
      } catch (error) {
        if ((error as Error).name !== 'ApiError') throw error
        expect(JSON.stringify(state)).toBe(frozen)
      }
    }
  }

  const holds = (check: Parameters<typeof walk>[1]) =>
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), events => walk(events, check)),
      { numRuns: 500 },
    )

  test('nobody is signed in without a verified proof of their own or a registration', () => {
    holds((before, each, next) => {
      if (next.userId === before?.userId || next.userId === undefined) return
      if (each.type === 'user-created') return expect(next.userId).toBe(each.userId)
      if (each.type !== 'identify') throw new Error(`${each.type} set the user`)
      expect(next.userId).toBe(each.owner?.id)
      expect(each.owner?.isSuspended).toBe(false)
      expect(before?.records.find(one => one.id === each.id)?.verified).toBe(true)
    })
  })

  test('a user who is known changes only by beginning again', () => {
    holds((before, each, next) => {
      if (before?.userId !== undefined && each.type !== 'begin') expect(next.userId).toBe(before.userId)
    })
  })

  test('what is staged was judged for the user as known at that moment', () => {
    holds((before, each, next) => {
      if (each.type === 'stage-record') expect(before?.userId).toBeUndefined()
      if (each.type === 'stage') expect(each.userId).toBe(before?.userId)
      if (each.type === 'user-created') expect(next.profile).toEqual({})
    })
  })

  test('there is at most one record of a kind that was added, and a hash is staged only after a reset or by a proof', () => {
    holds((_, each, next) => {
      if (each.type === 'add-record')
        expect(next.records.filter(one => one.type === each.record.type)).toHaveLength(1)
      if (next.profile.passwordHash === 'hash') expect(next.event).toBe('ForgotPassword')
    })
  })
})

test('a check for people is good for the whole interaction, and for ten messages where messages are judged', () => {
  const sent = (state: State, nth: number) =>
    step(state, {
      type: 'add-record',
      record: {
        id: `code ${nth}`,
        type: 'PhoneVerificationCode',
        identifier: { type: 'phone', value: '8613800138000' },
        verified: false,
        templateType: 'SignIn',
      },
    })
  const begun = step(undefined, { type: 'begin', event: 'SignIn' })
  expect(humanityOf(sent(begun, 0))).toBe('missing')
  const human = step(begun, { type: 'captcha-passed' })
  const again = step(human, { type: 'begin', event: 'Register' })
  const nine = Array.from({ length: 9 }, (_, nth) => nth).reduce(sent, again)
  expect([humanityOf(human), humanityOf(again), humanityOf(nine)]).toEqual(['passed', 'passed', 'passed'])
  const ten = sent(nine, 9)
  expect(humanityOf(ten)).toBe('missing')
  expect(described(ten).captcha).toEqual({ verified: true, skipped: false })
  expect(humanityOf(step(ten, { type: 'captcha-passed' }))).toBe('passed')
})
