import { randomInt } from 'node:crypto'
import { TRIES } from './unverified.ts'

/** The characters of each CodeType. Source: Alibaba Cloud help, SendSmsVerifyCode. */
const DIGITS = '0123456789'
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const LOWER = UPPER.toLowerCase()
const ALPHABETS = [
  DIGITS,
  UPPER,
  LOWER,
  UPPER + LOWER,
  DIGITS + UPPER,
  DIGITS + LOWER,
  DIGITS + UPPER + LOWER,
]

/** A code as the cloud makes it. */
export function makeCode(length: number, type: number): string {
  const alphabet = ALPHABETS[type - 1] ?? DIGITS
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('')
}

/** Whose a code is: it counts under the scheme and the account it was made for. */
export interface Holder {
  account: string
  number: string
  scheme: string
}

/** The codes that the cloud has made; those of its callers it does not keep. */
export interface Codes {
  keep(holder: Holder, code: { text: string; until: number; voidsOlder: boolean }): void
  /** Whether the code is one of those that count; it is spent then. */
  check(holder: Holder, text: string, ignoreCase: boolean): boolean
  clear(): void
}

/** Creates an empty memory of codes. */
export function createCodes(now: () => number): Codes {
  const kept = new Map<string, { text: string; until: number; tries: number }[]>()
  const keyOf = ({ account, number, scheme }: Holder) => [account, number, scheme].join('\n')
  const alive = (key: string) =>
    (kept.get(key) ?? []).filter(({ until, tries }) => until > now() && tries < TRIES)
  return {
    keep(holder, { text, until, voidsOlder }) {
      const key = keyOf(holder)
      kept.set(key, [...(voidsOlder ? [] : alive(key)), { text, until, tries: 0 }])
    },
    check(holder, text, ignoreCase) {
      const key = keyOf(holder)
      const codes = alive(key)
      const same = (code: string) => (ignoreCase ? code.toLowerCase() === text.toLowerCase() : code === text)
      const found = codes.find(code => same(code.text))
      for (const code of codes) code.tries += 1
      kept.set(
        key,
        codes.filter(code => code !== found),
      )
      return found !== undefined
    },
    clear: () => kept.clear(),
  }
}
