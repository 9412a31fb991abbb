import { generateKeyPairSync, hash, type JsonWebKey } from 'node:crypto'

/** The one algorithm of ID tokens and access tokens. */
export const SIGNING_ALG = 'ES384'

/** What the keys of a ring are for: to sign tokens, or cookies. */
export const KEY_KINDS = ['private-keys', 'cookie-keys'] as const
export type KeyKind = (typeof KEY_KINDS)[number]

/** A key with its place in time: moments in milliseconds. */
export interface RingKey<Material = unknown> {
  id: string
  /** A private JWK, or the text that signs cookies. */
  key: Material
  createdAt: number
  /** From when on it signs; until then it is only shown, so that everybody knows it before the first signature. */
  effectiveAt: number
  /** How long the longest-lived thing that it signed is good for, in seconds. */
  longest: number
}

/** Keys of one kind, the newest first: those that wait, the one that signs, those that only verify. */
export type Ring<Material = unknown> = readonly RingKey<Material>[]

export type KeyStatus = 'Next' | 'Current' | 'Previous'

/** How old a node's knowledge of the keys may be while it answers, in milliseconds: as long as a request may take. */
export const STALE = 5_000

/**
 * The least time between showing a key and signing with it, in milliseconds: until every node has read it, and as
 * much again for clocks that differ.
 */
const SPREAD = 2 * STALE

/** Verifiers take tokens a little past their time (Logto's clients: five minutes), in milliseconds. */
const LEEWAY = 300_000

/** The lifetime that most tokens have, in seconds; only longer ones are noted. */
const USUAL = 3_600

/** The key that signs. */
export const currentOf = <M>(ring: Ring<M>, now: number): RingKey<M> =>
  ring.find(each => each.effectiveAt <= now) ?? ring.at(-1)!

/** Whether a key waits, signs, or only verifies what it signed. */
export function statusOf(ring: Ring, key: RingKey, now: number): KeyStatus {
  const current = currentOf(ring, now)
  if (key.id === current.id) return 'Current'
  return ring.indexOf(key) < ring.indexOf(current) ? 'Next' : 'Previous'
}

/** The keys that can be needed: a previous one until the last thing it signed, or `atLeast` seconds, are over. */
export function usable<M>(ring: Ring<M>, now: number, atLeast = 0): RingKey<M>[] {
  return ring.filter((each, place) => {
    if (statusOf(ring, each, now) !== 'Previous') return true
    const retiredAt = ring[place - 1]!.effectiveAt
    return now < retiredAt + Math.max(each.longest, atLeast) * 1000 + LEEWAY
  })
}

/** The same keys, the one that signs first, as oidc-provider takes them. */
export function inOrder<M>(keys: RingKey<M>[], now: number): RingKey<M>[] {
  const current = currentOf(keys, now)
  return [current, ...keys.filter(each => each !== current)]
}

/** A ring with one key more, which signs after `grace` milliseconds. A key that still waits gives way to it. */
export function withNext<M>(
  ring: Ring<M>,
  next: { id: string; key: M },
  now: number,
  grace: number,
): Ring<M> {
  const effectiveAt = now + Math.max(grace, SPREAD)
  const known = ring.filter(each => each.effectiveAt <= now + SPREAD)
  return [{ ...next, createdAt: now, effectiveAt, longest: USUAL }, ...known]
}

/** True for the key that signs, and for one that some node may already sign with. */
export const isNeeded = (ring: Ring, key: RingKey, now: number) => {
  const status = statusOf(ring, key, now)
  return status === 'Current' || (status === 'Next' && key.effectiveAt <= now + SPREAD)
}

/** The ring of a new installation. */
export const firstRing = <M>(first: { id: string; key: M }, now: number): Ring<M> => [
  { ...first, createdAt: now, effectiveAt: now, longest: USUAL },
]

/** The thumbprint of a public key (RFC 7638), as its `kid`. */
const thumbprint = ({ crv, kty, x, y }: JsonWebKey) =>
  hash('sha256', JSON.stringify({ crv, kty, x, y }), 'base64url')

/** A private JWK with its name. */
export function namedKey(jwk: JsonWebKey): { id: string; key: JsonWebKey } {
  const id = thumbprint(jwk)
  return { id, key: { ...jwk, kid: id } }
}

/** A new key to sign tokens with. */
export function newSigningKey(): { id: string; key: JsonWebKey } {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' })
  return namedKey({ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: SIGNING_ALG })
}
