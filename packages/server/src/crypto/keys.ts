import { createHmac, createSecretKey, hkdfSync, type KeyObject, timingSafeEqual } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileRemedy, StartError } from '../start-error.ts'

/** A key of the vault beside that of the secret. */
export interface VaultKey {
  /** Stands with what it has sealed. */
  id: string
  key: Buffer
}

/** What opens whatever was sealed, and the key that seals. */
export interface Vault {
  /** That of the installation's secret. */
  own: Buffer
  /** Those that were added, by their ids. */
  added: ReadonlyMap<string, Buffer>
  /** The one that seals; undefined for that of the secret. */
  first: VaultKey | undefined
}

/** Stands in VAULT_KEYS for the key of the installation's secret. */
export const OWN = 'own'

/** The keys of one installation, each for one purpose, all derived from the one secret. */
export interface Keys {
  /** Names the secret (`keyIdOf`). */
  id: string
  /** Encrypts what is secret at rest. */
  seal: Vault
  /** HMAC key under which one-time codes are found. */
  codes: Buffer
  /** HMAC keys by which one-time codes are known again: the first of new ones, the others of those that are out. */
  codeHashes: readonly Buffer[]
  /** HMAC key of recipients and tokens that are only looked up. */
  lookup: Buffer
  /** Signs cookies, as text. */
  cookies: string
  /** HMAC key of form tokens. */
  forms: Buffer
  /** HMAC key by which browsers are known again. */
  browsers: Buffer
  /** Signs the checks for people, and hashes those that were passed. */
  captcha: Buffer
}

/**
 * The installation's secret: from the setting, else from `secret.key` in the data folder, else made there
 * with mode 0600 on first start.
 *
 * @throws StartError when the file cannot be made or read, or does not hold 64 hexadecimal digits; it is never overwritten.
 */
export function loadSecret(setting: string, dataDir: string, random: (size: number) => Uint8Array): Buffer {
  if (setting) return Buffer.from(setting, 'hex')
  const file = join(dataDir, 'secret.key')
  try {
    return secretIn(file, random)
  } catch (error) {
    const remedy = fileRemedy(error)
    if (!remedy) throw error
    throw new StartError(`${resolve(file)}: ${(error as Error).message}. ${remedy}`, { cause: error })
  }
}

function secretIn(file: string, random: (size: number) => Uint8Array): Buffer {
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    // `wx`: two servers that start at once on one folder must not each write a key of their own.
    try {
      writeFileSync(file, `${Buffer.from(random(32)).toString('hex')}\n`, { mode: 0o600, flag: 'wx' })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
  const text = readFileSync(file, 'utf8').trim()
  if (!/^[\da-f]{64}$/i.test(text))
    throw new StartError(
      `${file} must hold 64 hexadecimal digits; restore it from a backup, else nothing sealed with it can be read`,
    )
  return Buffer.from(text, 'hex')
}

const derived = (secret: Buffer, label: string) =>
  Buffer.from(hkdfSync('sha256', secret, '', `countersign/${label}`, 32))

/**
 * Derives the keys by HKDF-SHA-256, one label each.
 *
 * @param vaultKeys as VAULT_KEYS has them: 64 hexadecimal digits each, or `own`; the first seals, and hashes new codes
 * @example deriveKeys(secret, ['own', '9f…'])
 */
export function deriveKeys(secret: Buffer, vaultKeys: readonly string[] = []): Keys {
  const derive = (label: string) => derived(secret, label)
  const [own, codes] = [derive('seal'), derive('codes')]
  const added = vaultKeys.filter(each => each !== OWN).map(each => Buffer.from(each, 'hex'))
  const vault = added.map(each => ({ id: keyIdOf(each), key: derived(each, 'seal') }))
  const hashes = added.map(each => derived(each, 'codes'))
  const isOwnFirst = vault.length === 0 || vaultKeys[0] === OWN
  return {
    id: keyIdOf(secret),
    seal: {
      own,
      added: new Map(vault.map(({ id, key }) => [id, key])),
      first: isOwnFirst ? undefined : vault[0],
    },
    codes,
    codeHashes: isOwnFirst ? [codes, ...hashes] : [...hashes, codes],
    lookup: derive('lookup'),
    cookies: derive('cookies').toString('base64url'),
    forms: derive('forms'),
    browsers: derive('browsers'),
    captcha: derive('captcha'),
  }
}

/**
 * Names a secret without telling anything of it, so that people can see which one is meant: 16 hexadecimal digits.
 *
 * @example keyIdOf(loadSecret(config.secretKey, config.dataDir, world.random)) // '9b1d0c…'
 */
export const keyIdOf = (secret: Buffer): string =>
  Buffer.from(hkdfSync('sha256', secret, '', 'countersign/id', 8)).toString('hex')

/**
 * The ids of the keys of the vault, the one that seals first; `own` is that of the secret.
 *
 * @example vaultKeysOf(deriveKeys(secret)) // ['own']
 */
export function vaultKeysOf({ seal: { added, first } }: Keys): string[] {
  const ids = [...added.keys()]
  return first ? [...ids, OWN] : [OWN, ...ids]
}

const keyObjects = new WeakMap<Buffer, KeyObject>()

/** A key as Node takes it several times faster than as bytes. */
export function keyObject(key: Buffer): KeyObject {
  let object = keyObjects.get(key)
  if (!object) {
    object = createSecretKey(key)
    keyObjects.set(key, object)
  }
  return object
}

/**
 * HMAC-SHA-256 over several parts, base64url. Each part goes in with its length, so that no two lists of
 * parts give the same input.
 */
export function mac(key: Buffer, ...parts: string[]): string {
  const hmac = createHmac('sha256', keyObject(key))
  for (const part of parts) hmac.update(`${Buffer.byteLength(part)}:`).update(part)
  return hmac.digest('base64url')
}

/** Compares two texts in a time that depends only on their lengths. */
export function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a)
  const right = Buffer.from(b)
  return left.length === right.length && timingSafeEqual(left, right)
}
