import { type Chance, mainland } from '../chance.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** One message that a bomber asks for. */
export interface Shot {
  /** Milliseconds after midnight. */
  at: number
  phone: string
  /** The bomber's address. */
  from: string
  headers?: Record<string, string>
}

/** A bomber: a program that never types a code, and passes no check for people unless it is written for that. */
export interface Bomber {
  title: string
  /** All of its messages go to one number. */
  isOfOneNumber?: boolean
  /** A proxy stands before the server, which trusts it. */
  isProxied?: boolean
  /** Does the work of the check for people wherever it is demanded. */
  passesChecks?: boolean
  shots(count: number, chance: Chance): Shot[]
}

/** The n-th address of somebody who has many: proxies for rent, in networks of a data centre. */
const addressOf = (n: number) => `${45 + (n >> 14)}.${(n >> 8) & 63}.${n & 255}.7`

/** Times between two hours, at equal distances. */
const spread = (count: number, from: number, to: number) => (n: number) =>
  Math.floor((from + ((to - from) * n) / count) * HOUR)

const times = <T>(count: number, make: (n: number) => T): T[] =>
  Array.from({ length: count }, (_, n) => make(n))

const ONE_ADDRESS = '45.9.9.9'

export const BOMBERS: readonly Bomber[] = [
  {
    title: 'one number, from 10,000 addresses, within a day',
    isOfOneNumber: true,
    shots(count) {
      const at = spread(count, 0, 24)
      return times(count, n => ({ at: at(n), phone: '8613800138111', from: addressOf(n) }))
    },
  },
  {
    title: 'one address, to 10,000 numbers, from eight to twelve',
    shots(count, chance) {
      const at = spread(count, 8, 12)
      return times(count, n => ({ at: at(n), phone: mainland(chance), from: ONE_ADDRESS }))
    },
  },
  {
    title: 'a premium prefix of another country, 10,000 numbers from 10,000 addresses, from two to ten',
    shots(count, chance) {
      const at = spread(count, 2, 10)
      const number = () => `62812${String(10_000_000 + chance.below(80_000_000))}`
      return times(count, n => ({ at: at(n), phone: number(), from: addressOf(n) }))
    },
  },
  {
    title: 'slow: 10,000 numbers from 10,000 addresses, spread over the day',
    shots: slow,
  },
  {
    title: 'the same, slow, by a program that passes the checks for people',
    passesChecks: true,
    shots: slow,
  },
  {
    title: 'one address that forges X-Forwarded-For, no proxy before the server',
    shots: forged,
  },
  {
    title: 'one address that forges it behind a proxy that the server trusts',
    isProxied: true,
    shots: forged,
  },
]

/** Each message to another number from another address, all day and night. */
function slow(count: number, chance: Chance): Shot[] {
  const at = spread(count, 0, 24)
  return times(count, n => ({ at: at(n), phone: mainland(chance), from: addressOf(n) }))
}

/** Chains of addresses that are made up anew for each message, in all headers that proxies use. */
function forged(count: number, chance: Chance): Shot[] {
  const at = spread(count, 8, 12)
  return times(count, n => {
    const lie = addressOf(n)
    return {
      at: at(n),
      phone: mainland(chance),
      from: ONE_ADDRESS,
      headers: {
        'x-forwarded-for': n % 2 === 0 ? lie : `${lie}, 203.0.113.${n % 250}`,
        'x-real-ip': lie,
        forwarded: `for=${lie}`,
      },
    }
  })
}
