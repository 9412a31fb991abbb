import { createCipheriv, createDecipheriv } from 'node:crypto'
import { pooledRandom } from './chance.ts'
import { keyObject } from './keys.ts'

/** Marks the format, so that it can change without guessing. */
const VERSION = 'v1.'

const nonces = pooledRandom()

/**
 * Encrypts a text with AES-256-GCM. `context` is authenticated but not stored: a sealed value moved to another
 * place (another row, another column) does not open there.
 */
export function seal(key: Buffer, text: string, context: string): string {
  const nonce = nonces(12)
  const cipher = createCipheriv('aes-256-gcm', keyObject(key), nonce).setAAD(Buffer.from(context))
  const body = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return VERSION + body.toString('base64url')
}

/**
 * Opens what `seal` made.
 *
 * @throws when the key or the context differs or the value was altered.
 */
export function open(key: Buffer, sealed: string, context: string): string {
  if (!sealed.startsWith(VERSION)) throw new Error('not a sealed value')
  const body = Buffer.from(sealed.slice(VERSION.length), 'base64url')
  const decipher = createDecipheriv('aes-256-gcm', keyObject(key), body.subarray(0, 12)).setAAD(
    Buffer.from(context),
  )
  decipher.setAuthTag(body.subarray(-16))
  return Buffer.concat([decipher.update(body.subarray(12, -16)), decipher.final()]).toString('utf8')
}
