import { createCipheriv, createDecipheriv } from 'node:crypto'
import { pooledRandom } from './chance.ts'
import { keyObject, OWN, type Vault } from './keys.ts'

/** Marks the format, so that it can change without guessing. */
const VERSION = 'v1.'

/** Marks what a key has sealed that was added to that of the secret; its id follows, and a full stop. */
const BY_ADDED = 'v2.'

const ID_LENGTH = 16

const nonces = pooledRandom()

/**
 * Encrypts a text with AES-256-GCM. `context` is authenticated but not stored: a sealed value moved to another
 * place (another row, another column) does not open there.
 */
export function seal({ own, first }: Vault, text: string, context: string): string {
  const key = first?.key ?? own
  const nonce = nonces(12)
  const cipher = createCipheriv('aes-256-gcm', keyObject(key), nonce).setAAD(Buffer.from(context))
  const body = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return (first ? `${BY_ADDED}${first.id}.` : VERSION) + body.toString('base64url')
}

/**
 * Opens what `seal` made.
 *
 * @throws when the key or the context differs or the value was altered.
 */
export function open(vault: Vault, sealed: string, context: string): string {
  const id = sealedBy(sealed)
  if (id === undefined) throw new Error('not a sealed value')
  const key = id === OWN ? vault.own : vault.added.get(id)
  if (!key) throw new Error(`sealed with the key ${id}, which VAULT_KEYS has not`)
  const begins = id === OWN ? VERSION.length : BY_ADDED.length + ID_LENGTH + 1
  const body = Buffer.from(sealed.slice(begins), 'base64url')
  const decipher = createDecipheriv('aes-256-gcm', keyObject(key), body.subarray(0, 12)).setAAD(
    Buffer.from(context),
  )
  decipher.setAuthTag(body.subarray(-16))
  return Buffer.concat([decipher.update(body.subarray(12, -16)), decipher.final()]).toString('utf8')
}

/**
 * The id of the key that has sealed a text, `own` for that of the secret; undefined for what is not sealed.
 *
 * @example sealedBy('v1.q83v…') // 'own'
 */
export function sealedBy(text: string): string | undefined {
  if (text.startsWith(VERSION)) return OWN
  const isByAdded = text.startsWith(BY_ADDED) && text[BY_ADDED.length + ID_LENGTH] === '.'
  return isByAdded ? text.slice(BY_ADDED.length, BY_ADDED.length + ID_LENGTH) : undefined
}

/**
 * The same text sealed with the first key of the vault; undefined when that has sealed it already, or it is not sealed.
 *
 * @throws as `open`
 */
export function sealedAnew(vault: Vault, sealed: string, context: string): string | undefined {
  const id = sealedBy(sealed)
  if (id === undefined || id === (vault.first?.id ?? OWN)) return undefined
  return seal(vault, open(vault, sealed, context), context)
}
