import { createHmac, createSecretKey, hkdfSync, type KeyObject, timingSafeEqual } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileRemedy, StartError } from '../start-error.ts'

/** The keys of one installation, each for one purpose, all derived from the one secret. */
export interface Keys {
  /** Encrypts what is secret at rest. */
  seal: Buffer
  /** HMAC key of one-time codes. */
  codes: Buffer
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

/** Derives the keys by HKDF-SHA-256, one label each. */
export function deriveKeys(secret: Buffer): Keys {
  const derive = (label: string) => Buffer.from(hkdfSync('sha256', secret, '', `countersign/${label}`, 32))
  return {
    seal: derive('seal'),
    codes: derive('codes'),
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
