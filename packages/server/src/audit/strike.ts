import { isObject } from '@countersign/kit'
import { maskRecipient } from '../identifiers/phone.ts'

const HIDDEN = '******'

/**
 * Members whose values are nobody's business, and what stands for a secret under another name: one-time codes in
 * their two spellings, ID tokens that come as hints.
 */
const SECRET =
  /secret|password|apikey|privatekey|credential|cookie|token$|^authorization$|^id_?token_?hint$|^code(?:_?verifier)?$/i

/** Members that are no data but programs and their surroundings: they are left out. */
const PROGRAM = /^script|script$|environmentvariables/i

/** Members that hold an address or number. */
const RECIPIENT = /^(?:primary)?_?(?:email|phone)$|^login_hint$/i

/** Names a secret and does not tell it. */
const SECRET_NAME = 'applicationSecret'

const DEEPEST = 8

/** Whether there is a password is no secret, and neither is that there is none. */
const tellsNothing = (value: unknown) => value === null || typeof value === 'boolean'

/**
 * A copy of what is to be written down, without secrets and codes, its recipients masked: whoever reads the
 * log can sign in as nobody and write to nobody.
 */
export function strike(value: unknown, depth = 0): unknown {
  if (depth > DEEPEST) return undefined
  if (Array.isArray(value)) return value.map(each => strike(each, depth + 1))
  if (!isObject(value)) return value
  // An identifier says itself what it is.
  const isIdentifier = (value.type === 'email' || value.type === 'phone') && typeof value.value === 'string'
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, each]) => each !== undefined && !PROGRAM.test(name))
      .map(([name, each]) => {
        const named = depth === 0 && name === SECRET_NAME
        if (SECRET.test(name) && !named && !tellsNothing(each)) return [name, HIDDEN]
        const recipient = RECIPIENT.test(name) || (isIdentifier && name === 'value')
        if (typeof each === 'string' && recipient) return [name, maskRecipient(each)]
        return [name, strike(each, depth + 1)]
      }),
  )
}
