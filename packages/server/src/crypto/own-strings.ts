import { createHash, type ScryptOptions, scrypt } from 'node:crypto'
import { promisify } from 'node:util'
import { isObject } from '@countersign/kit'
import { sameText } from './keys.ts'
import type { ImportProblem, PasswordCheck } from './password-check.ts'

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt)

/** A hash as one of ours would be handed over, which says the same as another system's own string. */
export interface Translated {
  algorithm: 'Argon2i' | 'Argon2id' | 'Argon2d' | 'Bcrypt' | 'Legacy'
  digest: string
  /** What the system makes of a password before it is hashed. */
  before?(password: string): string
}

/** What Django's scrypt takes unless it is told otherwise: 16 MiB, and five passes at most. */
const MOST_SCRYPT = { n: 16_384, r: 8, p: 5 } as const

const asPbkdf2 = (digest: string, salt: Buffer, rounds: string, expected: string): Translated => {
  const length = Buffer.from(expected, 'base64').length
  const parts = [`hex:${salt.toString('hex')}`, rounds, String(length), digest, '@']
  return { algorithm: 'Legacy', digest: JSON.stringify(['pbkdf2', parts, expected]) }
}

const asArgon = (kind: string, digest: string): Translated => ({
  algorithm: `Argon2${kind}` as 'Argon2id',
  digest,
})

/**
 * A string of Django's, and of what is built on it, such as authentik: the name of the hasher, then its arguments, parted
 * by dollar signs.
 */
function translateDjango(digest: string): Translated | undefined {
  const [hasher, ...rest] = digest.split('$')
  const [first = '', second = '', third = ''] = rest
  const [, pbkdf2] = /^pbkdf2_(sha1|sha256|sha512)$/.exec(hasher!) ?? []
  if (pbkdf2 && rest.length === 3) return asPbkdf2(pbkdf2, Buffer.from(second), first, third)
  const [, argon] = /^argon2\$argon2(id|i|d)\$/.exec(digest) ?? []
  if (argon) return asArgon(argon, digest.slice('argon2'.length))
  if (hasher === 'bcrypt_sha256')
    return {
      algorithm: 'Bcrypt',
      digest: digest.slice('bcrypt_sha256$'.length),
      before: password => createHash('sha256').update(password).digest('hex'),
    }
  if ((hasher === 'md5' || hasher === 'sha1') && rest.length === 2)
    return { algorithm: 'Legacy', digest: JSON.stringify([hasher, [first, '@'], second]) }
  return undefined
}

/** An object, or one that stands as text in the place of one, as in Keycloak's exports. */
function objectOf(value: unknown): Record<string, unknown> | undefined {
  try {
    const read: unknown = typeof value === 'string' ? JSON.parse(value) : value
    return isObject(read) ? read : undefined
  } catch {
    return undefined // no JSON
  }
}

const KEYCLOAK_PBKDF2: Readonly<Record<string, string>> = {
  pbkdf2: 'sha1',
  'pbkdf2-sha256': 'sha256',
  'pbkdf2-sha512': 'sha512',
}

/** A credential of Keycloak's, as its exports and its database have it: `credentialData` and `secretData`. */
function translateKeycloak(digest: string): Translated | undefined {
  const credential = digest.trimStart().startsWith('{') ? objectOf(digest) : undefined
  const [data, secret] = [objectOf(credential?.credentialData), objectOf(credential?.secretData)]
  const { hashIterations, algorithm } = data ?? {}
  const { salt, value } = secret ?? {}
  if (typeof algorithm !== 'string' || typeof salt !== 'string' || typeof value !== 'string') return undefined
  const rounds = String(hashIterations)
  const pbkdf2 = KEYCLOAK_PBKDF2[algorithm]
  if (pbkdf2) return asPbkdf2(pbkdf2, Buffer.from(salt, 'base64'), rounds, value)
  if (algorithm !== 'argon2') return undefined
  const more = objectOf(data?.additionalParameters) ?? {}
  const figure = (name: string) => String([more[name]].flat()[0])
  const [saltText, hash] = [salt, value].map(text => text.replaceAll('=', ''))
  const version = figure('version') === '1.3' ? 19 : 16
  const cost = `m=${figure('memory')},t=${rounds},p=${figure('parallelism')}`
  const kind = figure('type')
  return asArgon(kind, `$argon2${kind}$v=${version}$${cost}$${saltText}$${hash}`)
}

/** What another system's own string says in the words of `passwordAlgorithm`; undefined for any other text. */
export const translated = (digest: string): Translated | undefined =>
  translateKeycloak(digest) ?? translateDjango(digest)

/** Django's scrypt: `scrypt$n$salt$r$p$hash`. Undefined for any other text. */
export function readDjangoScrypt(digest: string): PasswordCheck | ImportProblem | undefined {
  const [, n, salt, r, p, hash] =
    /^scrypt\$(\d{1,9})\$([^$]+)\$(\d{1,4})\$(\d{1,4})\$([\w+/-]{22,}={0,2})$/.exec(digest) ?? []
  if (hash === undefined) return undefined
  const cost = { N: Number(n), r: Number(r), p: Number(p) }
  if (cost.N < 2 || (cost.N & (cost.N - 1)) !== 0 || cost.r < 1 || cost.p < 1) return 'malformed'
  if (cost.N > MOST_SCRYPT.n || cost.r > MOST_SCRYPT.r || cost.p > MOST_SCRYPT.p) return 'costly'
  const expected = Buffer.from(hash, 'base64')
  const options = { ...cost, maxmem: 256 * cost.N * cost.r }
  return async password => {
    const computed = await derive(password, Buffer.from(salt!), expected.length, options)
    return sameText(computed.toString('hex'), expected.toString('hex'))
  }
}
