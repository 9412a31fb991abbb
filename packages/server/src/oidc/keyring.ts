import { generateKeyPair, hash, type JsonWebKey } from 'node:crypto'
import { promisify } from 'node:util'

/** What tokens can be signed with. The first is that of a new installation. */
export const ALGORITHMS = ['ES384', 'RS256'] as const
export type Algorithm = (typeof ALGORITHMS)[number]

/** What a key is of. */
export const KEY_TYPES = { ES384: 'EC', RS256: 'RSA' } as const satisfies Record<Algorithm, string>

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
  /** Set for a key beside that of everybody: it signs for the applications alone that chose its algorithm. */
  chosen?: Algorithm
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

const isBefore = (now: number) => (each: RingKey) => each.effectiveAt <= now

/** The key that signs; of tokens, those of everybody who did not choose another algorithm. */
export function currentOf<M>(ring: Ring<M>, now: number): RingKey<M> {
  const common = ring.filter(each => !each.chosen)
  return common.find(isBefore(now)) ?? common.at(-1)!
}

/** What a key that signs tokens signs with. */
export const algorithmOf = ({ key }: RingKey): Algorithm =>
  (key as JsonWebKey).kty === 'RSA' ? 'RS256' : 'ES384'

/** All keys of an algorithm, the last to sign first. */
const ofAlgorithm = <M>(ring: Ring<M>, algorithm: Algorithm) =>
  ring.filter(each => algorithmOf(each) === algorithm).toSorted((a, b) => b.effectiveAt - a.effectiveAt)

/**
 * The key that signs with an algorithm: that of everybody where it is one of this algorithm, else the one beside it;
 * undefined when there is none.
 */
export function signerOf<M>(ring: Ring<M>, algorithm: Algorithm, now: number): RingKey<M> | undefined {
  const current = currentOf(ring, now)
  if (algorithmOf(current) === algorithm) return current
  const newest = ofAlgorithm(ring, algorithm).find(isBefore(now))
  // One that signed for everybody has had its time, and may be known to somebody else.
  return newest?.chosen && newest
}

/** The keys that follow each other in the place of one. */
const sequenceOf = <M>(ring: Ring<M>, { chosen }: RingKey): Ring<M> =>
  chosen ? ofAlgorithm(ring, chosen) : ring.filter(each => !each.chosen)

/** Whether a key waits, signs, or only verifies what it signed. */
export function statusOf(ring: Ring, key: RingKey, now: number): KeyStatus {
  const sequence = sequenceOf(ring, key)
  const current = sequence.find(isBefore(now)) ?? sequence.at(-1)!
  if (key.id === current.id) return 'Current'
  return sequence.indexOf(key) < sequence.indexOf(current) ? 'Next' : 'Previous'
}

/** When a previous key is needed no more: the last thing that it signed, or `atLeast` seconds, are over. */
function endOf(ring: Ring, key: RingKey, atLeast: number): number {
  const sequence = sequenceOf(ring, key)
  const retiredAt = sequence[sequence.indexOf(key) - 1]!.effectiveAt
  return retiredAt + Math.max(key.longest, atLeast) * 1000 + LEEWAY
}

/** The keys that can be needed: a previous one until the last thing it signed, or `atLeast` seconds, are over. */
export const usable = <M>(ring: Ring<M>, now: number, atLeast = 0): RingKey<M>[] =>
  ring.filter(each => statusOf(ring, each, now) !== 'Previous' || now < endOf(ring, each, atLeast))

/** The next moment at which another key begins to sign, or one is needed no more; until then all stays as it is. */
export function nextChange(ring: Ring, now: number, atLeast = 0): number {
  const ends = ring
    .filter(each => statusOf(ring, each, now) === 'Previous')
    .flatMap(each => [endOf(ring, each, 0), endOf(ring, each, atLeast)])
  const moments = [...ring.map(each => each.effectiveAt), ...ends]
  return Math.min(...moments.filter(moment => moment > now))
}

/** The same keys, as oidc-provider takes them: it signs with the first of an algorithm. */
export function inOrder<M>(keys: RingKey<M>[], first: (RingKey<M> | undefined)[]): RingKey<M>[] {
  const signers = first.filter(each => each !== undefined)
  return [...signers, ...keys.filter(each => !signers.includes(each))]
}

/** What a key is made of before it has its place in a ring. */
export type NewKey<M> = Pick<RingKey<M>, 'id' | 'key' | 'chosen'>

/** A ring with one key more, which signs after `grace` milliseconds. A key that still waits gives way to it. */
export function withNext<M>(ring: Ring<M>, next: NewKey<M>, now: number, grace: number): Ring<M> {
  const effectiveAt = now + Math.max(grace, SPREAD)
  const known = ring.filter(each => each.chosen !== next.chosen || each.effectiveAt <= now + SPREAD)
  return [{ ...next, createdAt: now, effectiveAt, longest: USUAL }, ...known]
}

/** A ring with a key for the applications that choose an algorithm; there is none to wait for, so it signs at once. */
export const withChosen = <M>(ring: Ring<M>, first: NewKey<M>, now: number): Ring<M> =>
  signerOf(ring, first.chosen!, now) ? ring : [...firstRing(first, now), ...ring]

/** True for the key that signs, and for one that some node may already sign with. */
export const isNeeded = (ring: Ring, key: RingKey, now: number) => {
  const status = statusOf(ring, key, now)
  return status === 'Current' || (status === 'Next' && key.effectiveAt <= now + SPREAD)
}

/** The ring of a new installation. */
export const firstRing = <M>(first: NewKey<M>, now: number): Ring<M> => [
  { ...first, createdAt: now, effectiveAt: now, longest: USUAL },
]

/** The thumbprint of a public key (RFC 7638), as its `kid`. */
const thumbprint = ({ crv, e, kty, n, x, y }: JsonWebKey) =>
  hash('sha256', JSON.stringify(kty === 'RSA' ? { e, kty, n } : { crv, kty, x, y }), 'base64url')

/** A private JWK with its name. */
export function namedKey(jwk: JsonWebKey): { id: string; key: JsonWebKey } {
  const id = thumbprint(jwk)
  return { id, key: { ...jwk, kid: id } }
}

const generate = promisify(generateKeyPair)

/** A new key to sign tokens with. Finding the primes of an RSA key takes a while, in which others are served. */
export async function newSigningKey(algorithm: Algorithm): Promise<{ id: string; key: JsonWebKey }> {
  const { privateKey } =
    algorithm === 'RS256'
      ? await generate('rsa', { modulusLength: 2048 })
      : await generate('ec', { namedCurve: 'P-384' })
  return namedKey({ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: algorithm })
}
