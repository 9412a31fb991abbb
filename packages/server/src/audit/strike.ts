import { maskRecipient } from '../identifiers/phone.ts'

const HIDDEN = '******'

/** Members whose values are nobody's business (contract sheet 7.7), and one-time codes in their two spellings. */
const SECRET = /secret|password|apikey|privatekey|credential|cookie|token$|^code(?:_?verifier)?$/i

/** Members that hold an address or number. */
const RECIPIENT = /^(?:primary)?_?(?:email|phone)$|^login_hint$/i

const DEEPEST = 8

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * A copy of what is to be written down, without secrets and codes, its recipients masked: whoever reads the
 * log can sign in as nobody and write to nobody.
 */
export function strike(value: unknown, depth = 0): unknown {
  if (depth > DEEPEST) return undefined
  if (Array.isArray(value)) return value.map(each => strike(each, depth + 1))
  if (!isRecord(value)) return value
  // An identifier says itself what it is.
  const isIdentifier = (value.type === 'email' || value.type === 'phone') && typeof value.value === 'string'
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .map(([name, each]) => {
        if (typeof each === 'string' && SECRET.test(name)) return [name, HIDDEN]
        const recipient = RECIPIENT.test(name) || (isIdentifier && name === 'value')
        if (typeof each === 'string' && recipient) return [name, maskRecipient(each)]
        return [name, strike(each, depth + 1)]
      }),
  )
}
