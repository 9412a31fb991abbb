import fc from 'fast-check'

/** What one visitor may do; numbers choose among what is there, so that most steps mean something. */
export type Step = { visitor: number } & (
  | { do: 'start' | 'change'; event: Event }
  | { do: 'ask'; whom: number; event: Event }
  | { do: 'answer'; record: number; code: number; whom?: number }
  | { do: 'password'; whom: number; right: boolean }
  | { do: 'name'; whom: number }
  | { do: 'identify'; record: number | undefined }
  | { do: 'stage'; what: 'email' | 'phone' | 'password' | 'username'; record: number }
  | { do: 'reset' | 'submit' | 'follow' | 'look' }
)
export type Event = (typeof EVENTS)[number]
export type Identifier = { type: 'phone' | 'email' | 'username'; value: string }

const EVENTS = ['SignIn', 'Register', 'ForgotPassword'] as const

const small = fc.nat({ max: 3 })
const event = fc.constantFrom(...EVENTS)
const doing = <T extends string>(...names: T[]) => fc.constantFrom(...names)
const action = fc.oneof(
  { arbitrary: fc.record({ do: doing('start'), event }), weight: 2 },
  { arbitrary: fc.record({ do: doing('change'), event }), weight: 1 },
  { arbitrary: fc.record({ do: doing('ask'), whom: small, event }), weight: 4 },
  {
    arbitrary: fc.record({ do: doing('answer'), record: small, code: small, whom: fc.constant(undefined) }),
    weight: 6,
  },
  { arbitrary: fc.record({ do: doing('answer'), record: small, code: small, whom: small }), weight: 1 },
  { arbitrary: fc.record({ do: doing('password'), whom: small, right: fc.boolean() }), weight: 2 },
  { arbitrary: fc.record({ do: doing('name'), whom: small }), weight: 1 },
  {
    arbitrary: fc.record({ do: doing('identify'), record: fc.option(small, { nil: undefined }) }),
    weight: 6,
  },
  {
    arbitrary: fc.record({
      do: doing('stage'),
      what: fc.constantFrom('email', 'phone', 'password', 'username'),
      record: small,
    }),
    weight: 3,
  },
  { arbitrary: fc.record({ do: doing('reset', 'submit', 'follow', 'look') }), weight: 6 },
)
const visitor = fc.nat({ max: 2 })
const anything = fc.tuple(visitor, action).map(([visitor, what]): Step => ({ visitor, ...what }))

/**
 * Steps as a client would make them, of which some are left out, and strange ones in between: what is random
 * alone never gets anywhere.
 */
const purposeful = fc
  .record({
    visitor,
    whom: small,
    event: fc.constantFrom('SignIn', 'SignIn', 'Register', 'Register', 'ForgotPassword'),
    byPassword: fc.nat({ max: 3 }).map(each => each === 0),
    changed: fc.boolean(),
    kept: fc.array(
      fc.nat({ max: 9 }).map(each => each > 0),
      { minLength: 9, maxLength: 9 },
    ),
    strange: fc.array(fc.option(anything, { freq: 5, nil: undefined }), { minLength: 9, maxLength: 9 }),
  })
  .map(({ visitor, whom, event, byPassword, changed, kept, strange }): Step[] => {
    const proof: Step[] = byPassword
      ? [{ visitor, do: 'password', whom, right: true }]
      : [
          { visitor, do: 'ask', whom, event },
          { visitor, do: 'answer', record: 0, code: 0 },
        ]
    const other = event === 'SignIn' ? 'Register' : 'SignIn'
    const change: Step[] =
      changed && event !== 'ForgotPassword'
        ? [
            { visitor, do: 'change', event: other },
            { visitor, do: 'identify', record: 0 },
          ]
        : []
    const steps: Step[] = [
      { visitor, do: 'start', event },
      ...proof,
      { visitor, do: 'identify', record: 0 },
      ...change,
      { visitor, do: event === 'ForgotPassword' ? 'reset' : 'look' },
      { visitor, do: 'submit' },
      { visitor, do: 'follow' },
    ]
    return steps.flatMap((each, index) => [
      ...(kept[index] ? [each] : []),
      ...(strange[index] ? [strange[index]] : []),
    ])
  })
/** Two visitors' purposes go on at the same time. */
export const sequence = fc
  .array(fc.tuple(purposeful, purposeful), { minLength: 2, maxLength: 5 })
  .map(pairs =>
    pairs.flatMap(([one, two]) =>
      one.flatMap((step, at) => [step, ...two.slice(at, at + 1)]).concat(two.slice(one.length)),
    ),
  )

/** So that every run of the test sees each good end at least once. */
export const EVERYTHING_ONCE: Step[] = [
  { visitor: 0, do: 'start', event: 'SignIn' },
  { visitor: 0, do: 'password', whom: 0, right: true },
  { visitor: 0, do: 'identify', record: 0 },
  { visitor: 0, do: 'submit' },
  { visitor: 0, do: 'follow' },
  { visitor: 1, do: 'start', event: 'Register' },
  { visitor: 1, do: 'ask', whom: 1, event: 'Register' },
  { visitor: 1, do: 'answer', record: 0, code: 0 },
  { visitor: 1, do: 'identify', record: 0 },
  { visitor: 1, do: 'identify', record: 0 },
  { visitor: 1, do: 'submit' },
  { visitor: 1, do: 'follow' },
  { visitor: 2, do: 'start', event: 'ForgotPassword' },
  { visitor: 2, do: 'ask', whom: 0, event: 'ForgotPassword' },
  { visitor: 2, do: 'answer', record: 0, code: 0 },
  { visitor: 2, do: 'answer', record: 0, code: 0 },
  { visitor: 2, do: 'identify', record: 0 },
  { visitor: 2, do: 'reset' },
  { visitor: 2, do: 'submit' },
]
