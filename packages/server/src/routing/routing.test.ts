import { type CodeLengths, DESTINATIONS, type Destination, type Failure } from '@countersign/kit'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readRecipient } from '../identifiers/recipient.ts'
import { testKeys } from '../testing/world.ts'
import { carrierOf } from './code-length.ts'
import { cases, judge, mostTelling, plan, type Rest, type RoutedMessage, route, type Way } from './routing.ts'
import { arranged, chanceOf } from './shares.ts'

const phone = (value: string) => readRecipient({ type: 'phone', value })
const MAINLAND = phone('8613800138000')
const HONG_KONG = phone('85251234567')
const GERMAN = phone('4915112345678')
const MAIL = readRecipient({ type: 'email', value: 'ada@example.com' })
const EVERYWHERE = ['CN', 'elsewhere']

interface Named extends Way {
  name: string
}

const way = (name: string, change: Partial<Way> = {}): Named => ({
  name,
  channel: 'sms',
  enabled: true,
  destinations: EVERYWHERE,
  applications: null,
  share: 100,
  connector: {},
  reach: () => DESTINATIONS,
  ...change,
})
const names = (ways: readonly Named[]) => ways.map(({ name }) => name)
const verdicts = (message: RoutedMessage, ways: readonly Named[]) =>
  judge(message, ways).map(({ way: { name }, verdict }) => `${name} ${verdict}`)

describe('the candidates of a message', () => {
  test('are the connections of its channel that are on, in their order', () => {
    const ways = [way('a'), way('b', { enabled: false }), way('c', { channel: 'email' }), way('d')]
    expect(names(plan(MAINLAND, ways))).toEqual(['a', 'd'])
    expect(names(plan(MAINLAND, ways.toReversed()))).toEqual(['d', 'a'])
    expect(names(plan(MAIL, ways))).toEqual(['c'])
    expect(verdicts(MAINLAND, ways)).toEqual(['a candidate', 'b off', 'd candidate'])
  })

  test.each([
    [MAINLAND, ['mainland', 'everywhere']],
    [HONG_KONG, ['hong kong', 'abroad', 'everywhere']],
    [GERMAN, ['abroad', 'everywhere']],
    // Nobody can tell the country of such a number.
    [phone('99900123456'), ['abroad', 'everywhere']],
  ])('are those that may send to the number: %#', (recipient, expected) => {
    const ways = [
      way('mainland', { destinations: ['CN'] }),
      way('hong kong', { destinations: ['HK', 'MO'] }),
      way('abroad', { destinations: ['elsewhere'] }),
      way('everywhere'),
    ]
    expect(names(plan(recipient, ways))).toEqual(expected)
  })

  test('are none where no connection may send to the number, and say why', () => {
    const ways = [way('a', { destinations: ['CN'] }), way('b', { destinations: ['HK'] })]
    expect(plan(GERMAN, ways)).toEqual([])
    expect(verdicts(GERMAN, ways)).toEqual(['a destinations', 'b destinations'])
  })

  test('pass over settings that cannot carry the message, only where others can', () => {
    const broken = way('broken', { reach: () => undefined })
    const mainland = way('mainland', { reach: () => ['china'] })
    const good = way('good')
    expect(verdicts(GERMAN, [broken, mainland, good])).toEqual([
      'broken incomplete',
      'mainland no_template',
      'good candidate',
    ])
    expect(names(plan(MAINLAND, [broken, mainland, good]))).toEqual(['mainland', 'good'])
    expect(names(plan(GERMAN, [broken, mainland]))).toEqual(['broken', 'mainland'])
    expect(names(plan(GERMAN, [mainland]))).toEqual(['mainland'])
  })

  test('can all carry codes of one length; one that cannot yields to those before it', () => {
    const six = way('six', { connector: { codeLength: { least: 4, most: 6 } } })
    const eight = way('eight', { connector: { codeLength: { least: 8, most: 8 } } })
    const any = way('any')
    expect(verdicts(MAINLAND, [six, eight, any])).toEqual([
      'six candidate',
      'eight code_length',
      'any candidate',
    ])
    expect(names(plan(MAINLAND, [any, eight, six]))).toEqual(['any', 'eight'])
    expect(carrierOf([six, any])).toEqual({ codeLength: { least: 4, most: 6 } })
    expect(carrierOf([any])).toEqual({})
  })
})

describe('a share', () => {
  const ofThree = [way('a'), way('b', { share: 5 }), way('c')]

  test('puts a connection first for so many messages, wherever it stands, and behind the others for the rest', () => {
    expect(names(plan(MAINLAND, ofThree, 0))).toEqual(['b', 'a', 'c'])
    expect(names(plan(MAINLAND, ofThree, 0.0499))).toEqual(['b', 'a', 'c'])
    expect(names(plan(MAINLAND, ofThree, 0.05))).toEqual(['a', 'c', 'b'])
    expect(names(plan(MAINLAND, ofThree))).toEqual(['a', 'c', 'b'])
    expect(
      cases(MAINLAND, ofThree).map(({ percent, candidates }) => [percent, ...names(candidates)]),
    ).toEqual([
      [5, 'b', 'a', 'c'],
      [95, 'a', 'c', 'b'],
    ])
  })

  test('of several is cut off above 100 %, and the order decides where none reaches', () => {
    const of = (...shares: number[]) =>
      cases(
        MAINLAND,
        shares.map((share, at) => way(`${at}`, { share })),
      ).map(({ percent, candidates }) => `${percent} ${names(candidates).join('')}`)
    expect(of(60, 60, 100)).toEqual(['60 021', '40 120'])
    expect(of(30, 20)).toEqual(['80 01', '20 10'])
    expect(of(5)).toEqual(['100 0'])
    expect(of()).toEqual([])
  })

  test('is of the messages that the connection may carry, and the code is as long as the first of them carries', () => {
    const abroad = way('abroad', { share: 50, destinations: ['elsewhere'] })
    expect(names(plan(MAINLAND, [way('a'), abroad], 0.1))).toEqual(['a'])
    expect(names(plan(GERMAN, [way('a'), abroad], 0.1))).toEqual(['abroad', 'a'])
    const six = way('six', { connector: { codeLength: { least: 4, most: 6 } } })
    const eight = way('eight', { share: 10, connector: { codeLength: { least: 8, most: 8 } } })
    expect(names(plan(MAINLAND, [six, eight], 0.05))).toEqual(['eight'])
    expect(names(plan(MAINLAND, [six, eight], 0.5))).toEqual(['six'])
  })
})

describe('the application of a message', () => {
  const ways = [
    way('shop', { applications: ['shop', 'deleted'] }),
    way('all'),
    way('abroad', { applications: ['shop'], destinations: ['elsewhere'] }),
  ]
  const from = (applicationId?: string) => ({ ...MAINLAND, applicationId })

  test('leaves out the connections that are for others, and those for all stay', () => {
    expect(verdicts(from('shop'), ways)).toEqual(['shop candidate', 'all candidate', 'abroad destinations'])
    expect(verdicts(from('other'), ways)).toEqual([
      'shop applications',
      'all candidate',
      'abroad applications',
    ])
    expect(names(plan(from('shop'), ways))).toEqual(['shop', 'all'])
  })

  test('is for none of the connections that name applications when there is no application', () => {
    expect(names(plan(from(), ways))).toEqual(['all'])
    expect(plan(from(), [ways[0]!])).toEqual([])
  })
})

describe('connections that rest', () => {
  const rest = (change: Partial<Rest> = {}): Rest => ({
    isPrompt: false,
    isDue: false,
    isDueAlone: false,
    ...change,
  })
  const ways = (one?: Rest, other?: Rest) => [way('a', { rest: one }), way('b', { rest: other })]
  const routed = (all: Named[]) => {
    const { candidates, due, resting } = route(MAINLAND, all)
    return [names(candidates), names(due), names(resting)]
  }

  test('are passed over where another one can carry the message', () => {
    expect(verdicts(MAINLAND, ways(rest()))).toEqual(['a resting', 'b candidate'])
    expect(routed(ways(rest()))).toEqual([['b'], [], ['a']])
    // The other one does not send there.
    const [a, b] = ways(rest({ isPrompt: true }))
    expect(routed([a!, { ...b!, destinations: ['DE'] }])).toEqual([['a'], [], []])
  })

  test('are the last that is asked where they answer at once', () => {
    expect(verdicts(MAINLAND, ways(rest({ isPrompt: true })))).toEqual(['a resting', 'b candidate'])
    expect(routed(ways(rest({ isPrompt: true })))).toEqual([['b', 'a'], [], ['a']])
  })

  test('are tried by one message when they are due', () => {
    expect(verdicts(MAINLAND, ways(rest({ isDue: true })))).toEqual(['a due', 'b candidate'])
    expect(routed(ways(rest({ isDue: true })))).toEqual([['b'], ['a'], []])
  })

  test('are asked by nobody else when all rest, unless they answer at once', () => {
    expect(routed(ways(rest(), rest()))).toEqual([[], [], ['a', 'b']])
    expect(routed(ways(rest({ isDueAlone: true }), rest()))).toEqual([[], ['a'], ['b']])
    expect(routed(ways(rest(), rest({ isPrompt: true })))).toEqual([['b'], [], ['a']])
  })

  test('take no code length from those that work', () => {
    const eight = { codeLength: { least: 8, most: 8 } }
    const six = { codeLength: { least: 4, most: 6 } }
    const all = [way('a', { rest: rest({ isDue: true }), connector: eight }), way('b', { connector: six })]
    expect(verdicts(MAINLAND, all)).toEqual(['a code_length', 'b candidate'])
  })
})

const lengths = fc.option(
  fc
    .tuple(fc.integer({ min: 4, max: 8 }), fc.integer({ min: 4, max: 8 }))
    .map(([one, other]): CodeLengths => ({ least: Math.min(one, other), most: Math.max(one, other) })),
  { nil: undefined },
)
const anyWay = fc
  .record({
    name: fc.uuid(),
    channel: fc.constantFrom('sms' as const, 'email' as const),
    enabled: fc.boolean(),
    destinations: fc.subarray(['CN', 'HK', 'DE', 'elsewhere']),
    applications: fc.option(fc.subarray(['shop', 'forum'])),
    share: fc.oneof(fc.constant(100), fc.integer({ min: 1, max: 100 })),
    codeLength: lengths,
    reach: fc.option(fc.subarray<Destination>([...DESTINATIONS]), { nil: undefined }),
  })
  .map(
    ({ codeLength, reach, ...rest }): Named => ({
      ...rest,
      connector: codeLength ? { codeLength } : {},
      reach: () => reach,
    }),
  )
const anyRecipient = fc.constantFrom(MAINLAND, HONG_KONG, GERMAN, MAIL)

describe('for whatever connections there are', () => {
  test('candidates are a part of those that are on for the channel, in their order, and of one code length', () => {
    fc.assert(
      fc.property(anyRecipient, fc.array(anyWay, { maxLength: 6 }), (recipient, ways) => {
        const whole = ways.map(each => ({ ...each, share: 100 }))
        const candidates = plan(recipient, whole)
        const possible = whole.filter(({ channel, enabled }) => enabled && channel === recipient.channel)
        expect(possible.filter(each => candidates.includes(each))).toEqual(candidates)
        const { codeLength } = carrierOf(candidates)
        for (const { connector } of candidates.filter(each => each.connector.codeLength)) {
          expect(codeLength!.least).toBeGreaterThanOrEqual(connector.codeLength!.least)
          expect(codeLength!.most).toBeLessThanOrEqual(connector.codeLength!.most)
          expect(codeLength!.least).toBeLessThanOrEqual(codeLength!.most)
        }
      }),
    )
  })

  test('the only one that may send to a number is its candidate, whatever its settings', () => {
    fc.assert(
      fc.property(anyRecipient, anyWay, (recipient, one) => {
        const only = {
          ...one,
          enabled: true,
          channel: recipient.channel,
          destinations: EVERYWHERE,
          applications: null,
        }
        expect(plan(recipient, [only])).toEqual([only])
      }),
    )
  })

  const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

  test('whatever the chance, each that may carry a message stands among its candidates once', () => {
    fc.assert(
      fc.property(anyRecipient, fc.array(anyWay, { maxLength: 6 }), chance, (recipient, ways, luck) => {
        const plain = ways.map(each => ({ ...each, connector: {} }))
        const candidates = plan(recipient, plain, luck)
        expect(new Set(candidates).size).toBe(candidates.length)
        expect(new Set(candidates)).toEqual(new Set(plan(recipient, plain)))
      }),
    )
  })

  test('one at most leaves its place among those of its kind, and those without a share keep theirs', () => {
    fc.assert(
      fc.property(fc.array(anyWay, { maxLength: 6 }), chance, (ways, luck) => {
        const [first, ...others] = arranged(ways, luck)
        const isOrdinary = ({ share }: Way) => share === 100
        const rest = ways.filter(each => each !== first)
        expect(others).toEqual([...rest.filter(isOrdinary), ...rest.filter(each => !isOrdinary(each))])
      }),
    )
  })

  test('in the long run each gets its share of messages first, and the cases add up to all of them', () => {
    const shares = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 5 })
    const recipients = Array.from({ length: 2000 }, (_, n) => `+86138${n}`)
    fc.assert(
      fc.property(shares, fc.nat({ max: 400 }), (parts, day) => {
        const ways = parts.map((share, at) => way(`${at}`, { share }))
        const told = new Map<string, number>()
        for (const { percent, candidates } of cases(MAINLAND, ways))
          told.set(candidates[0]!.name, (told.get(candidates[0]!.name) ?? 0) + percent)
        expect([...told.values()].reduce((sum, percent) => sum + percent, 0)).toBe(100)
        const seen = new Map<string, number>()
        for (const recipient of recipients) {
          const { name } = plan(MAINLAND, ways, chanceOf(testKeys, recipient, day * 86_400_000))[0]!
          seen.set(name, (seen.get(name) ?? 0) + 1)
        }
        for (const [name, percent] of told)
          expect(Math.abs((seen.get(name) ?? 0) / 20 - percent)).toBeLessThan(6)
      }),
      { numRuns: 5 },
    )
  })
})

test('the chance of a recipient stays for a day, and another day or recipient has another', () => {
  const at = (recipient: string, hour: number) => chanceOf(testKeys, recipient, hour * 3_600_000)
  expect(at('+8613800138000', 23)).toBe(at('+8613800138000', 0))
  expect(at('+8613800138000', 24)).not.toBe(at('+8613800138000', 0))
  expect(at('+8613800138001', 0)).not.toBe(at('+8613800138000', 0))
})

test('of several failures the one is told that says most about what to mend', () => {
  const told = (...failures: Failure[]) =>
    mostTelling(failures.map(failure => ({ failure })) as [...{ failure: Failure }[], { failure: Failure }])
      .failure
  expect(told('balance_exhausted', 'unreachable')).toBe('balance_exhausted')
  expect(told('unreachable', 'unrecognized', 'provider_fault')).toBe('unrecognized')
  expect(told('balance_exhausted', 'credentials_rejected')).toBe('credentials_rejected')
  expect(told('balance_exhausted', 'recipient_blocked')).toBe('recipient_blocked')
  expect(told('provider_fault', 'unreachable')).toBe('unreachable')
})
