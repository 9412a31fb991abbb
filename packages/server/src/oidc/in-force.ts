import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import { newId } from '../crypto/chance.ts'
import type { Keys } from '../crypto/keys.ts'
import { open, seal } from '../crypto/seal.ts'
import type { Database } from '../db/database.ts'
import { putSetting, rememberedSettings, replaceSetting, settleSetting } from '../settings/settings.ts'
import type { World } from '../world.ts'
import {
  ALGORITHMS,
  type Algorithm,
  algorithmOf,
  currentOf,
  firstRing,
  inOrder,
  KEY_KINDS,
  type KeyKind,
  namedKey,
  newSigningKey,
  nextChange,
  type Ring,
  type RingKey,
  signerOf,
  usable,
  withChosen,
} from './keyring.ts'

/** Where the rings stand, sealed. */
export const RINGS: Record<KeyKind, string> = {
  'private-keys': 'oidc.signing-keys',
  'cookie-keys': 'oidc.cookie-keys',
}

const SESSION_TTL = 'oidc.session-ttl'

/** How long a session lives when nobody says, in seconds. */
const DEFAULT_SESSION_TTL = 14 * 86_400

/** What is not known of keys that an earlier version kept: how long the tokens live that they signed, in seconds. */
const UNKNOWN_LONGEST = 86_400

/** What the provider goes by at a moment; the same on all nodes. */
export interface InForce {
  /** Differs when keys begin or cease to sign, to verify or to be published. */
  version: string
  /** What tokens are signed with where nobody chose. */
  algorithm: Algorithm
  /** All that tokens can be signed with, that one first. */
  algorithms: Algorithm[]
  /** All that tokens with a published key may be signed with, that one first: verifiers know it before the first does. */
  offered: Algorithm[]
  /** Private keys, those that sign first. */
  signing: RingKey<JsonWebKey>[]
  /** Ids of those that are published. */
  published: ReadonlySet<string>
  /** Those that tokens are checked with. */
  verifying: { id: string; key: KeyObject; algorithm: Algorithm }[]
  /** What cookies are signed and checked with, the one that signs first. */
  cookies: string[]
  /** Seconds. */
  sessionTtl: number
}

interface Known {
  texts: Readonly<Record<string, string>>
  signing: Ring<JsonWebKey>
  cookies: Ring<string>
  sessionTtl: number
}

const sealRing = (keys: Keys, kind: KeyKind, ring: Ring) => seal(keys.seal, JSON.stringify(ring), RINGS[kind])

function openRing(keys: Keys, kind: KeyKind, text: string): Ring {
  const stored = JSON.parse(open(keys.seal, text, RINGS[kind])) as (JsonWebKey | RingKey)[]
  // An earlier version kept bare keys.
  return stored.map(each =>
    'effectiveAt' in each
      ? (each as RingKey)
      : { ...namedKey(each as JsonWebKey), createdAt: 0, effectiveAt: 0, longest: UNKNOWN_LONGEST },
  )
}

interface RingRoom {
  db: Database
  keys: Keys
  world: World
}

/** The ring with which an installation begins. */
const firstOf = async ({ keys, world }: RingRoom, kind: KeyKind): Promise<Ring> =>
  kind === 'private-keys'
    ? firstRing(await newSigningKey(ALGORITHMS[0]), world.now())
    : // Its text was derived from the installation's secret before there was a ring.
      firstRing({ id: newId(world.random), key: keys.cookies }, world.now())

/** The texts of the settings that hold the rings and the session lifetime; a ring that is missing is made. */
async function readTexts(room: RingRoom): Promise<Known['texts']> {
  const { db, keys } = room
  const names = [...Object.values(RINGS), SESSION_TTL]
  const texts = await rememberedSettings(db, names)
  const missing = KEY_KINDS.filter(kind => texts[RINGS[kind]] === undefined)
  if (missing.length === 0) return texts
  for (const kind of missing)
    await settleSetting(db, RINGS[kind], sealRing(keys, kind, await firstOf(room, kind)))
  return rememberedSettings(db, names)
}

/** The rings as they are stored, opened once for each of their texts. */
function createRings(room: RingRoom) {
  const { db, keys } = room
  let known: Known | undefined

  async function fresh(): Promise<Known> {
    const texts = await readTexts(room)
    if (known?.texts === texts) return known
    const ring = <M>(kind: KeyKind, now?: Ring<M>) => {
      const text = texts[RINGS[kind]]!
      return (now && text === known?.texts[RINGS[kind]] ? now : openRing(keys, kind, text)) as Ring<M>
    }
    known = {
      signing: ring('private-keys', known?.signing),
      cookies: ring('cookie-keys', known?.cookies),
      sessionTtl: Number(texts[SESSION_TTL] ?? DEFAULT_SESSION_TTL),
      texts,
    }
    return known
  }

  /** Changes a ring by a conditional write, anew when another node was faster. */
  async function change<M>(kind: KeyKind, make: (ring: Ring<M>) => Ring<M>): Promise<Ring<M>> {
    for (;;) {
      const text = (await fresh()).texts[RINGS[kind]]!
      const ring = openRing(keys, kind, text) as Ring<M>
      const next = make(ring)
      if (next === ring) return ring
      if (!(await replaceSetting(db, RINGS[kind], text, sealRing(keys, kind, next)))) continue
      return next
    }
  }

  return { fresh, change, lastKnown: () => known }
}

/** What holds at a moment, of the rings that are known. */
function inForceAt(
  { signing, cookies, sessionTtl }: Known,
  now: number,
  publicKeyOf: (key: RingKey<JsonWebKey>) => KeyObject,
): InForce {
  const tokens = usable(signing, now)
  const current = currentOf(signing, now)
  const signers = [current, ...ALGORITHMS.map(each => signerOf(signing, each, now))].filter(
    (each, place, all) => each && all.indexOf(each) === place,
  )
  // ID tokens come back as hints at sign-out, when they have long expired, for as long as their session lives.
  const hints = inOrder(usable(signing, now, sessionTtl), signers)
  const cookieKeys = inOrder(usable(cookies, now), [currentOf(cookies, now)])
  return {
    algorithm: algorithmOf(current),
    algorithms: signers.map(each => algorithmOf(each!)),
    offered: [...new Set([current, ...tokens].map(algorithmOf))],
    version: [hints, tokens, cookieKeys].map(ring => ring.map(({ id }) => id).join()).join(';'),
    signing: hints,
    published: new Set(tokens.map(({ id }) => id)),
    verifying: tokens.map(each => ({
      id: each.id,
      key: publicKeyOf(each),
      algorithm: algorithmOf(each),
    })),
    cookies: cookieKeys.map(({ key }) => key),
    sessionTtl,
  }
}

/**
 * Keys and session lifetime, as all nodes share them. They stand in the settings, which are remembered until somebody
 * writes to them on whichever node, so no node needs to be told of a change.
 */
export function createInForce(deps: RingRoom) {
  const { db, world } = deps
  const { fresh, change, lastKnown } = createRings(deps)
  const publicKeys = new Map<string, KeyObject>()
  const issues = new Set<Promise<unknown>>()
  /** What was found to hold last: it does until something is written, or a key's moment comes. */
  let last: { known: Known; from: number; until: number; inForce: InForce } | undefined
  const making = new Map<Algorithm, Promise<unknown>>()

  function publicKeyOf({ id, key }: RingKey<JsonWebKey>): KeyObject {
    const made = publicKeys.get(id) ?? createPublicKey({ key, format: 'jwk' })
    publicKeys.set(id, made)
    return made
  }

  /** Makes a key for the applications that chose an algorithm, once at a time; what another node made stays. */
  function makeChosen(algorithm: Algorithm): Promise<unknown> {
    const made =
      making.get(algorithm) ??
      newSigningKey(algorithm)
        .then(key =>
          change<JsonWebKey>('private-keys', ring =>
            withChosen(ring, { ...key, chosen: algorithm }, world.now()),
          ),
        )
        .finally(() => making.delete(algorithm))
    making.set(algorithm, made)
    return made
  }

  /** The ring of tokens, with a key for everything that was chosen. */
  async function prepared(chosen: readonly Algorithm[]): Promise<Known> {
    const ready = await fresh()
    const missing = chosen.filter(each => !signerOf(ready.signing, each, world.now()))
    if (missing.length === 0) return ready
    for (const each of missing) await makeChosen(each)
    return fresh()
  }

  return {
    /** What holds now. @param chosen what applications chose: where a key for it is missing, it is made */
    async current(chosen: readonly Algorithm[] = []): Promise<InForce> {
      const known = await prepared(chosen)
      const now = world.now()
      if (last?.known !== known || now < last.from || now >= last.until) {
        const { signing, cookies, sessionTtl } = known
        const until = Math.min(nextChange(signing, now, sessionTtl), nextChange(cookies, now))
        last = { known, from: now, until, inForce: inForceAt(known, now, publicKeyOf) }
      }
      return last.inForce
    },
    /** The session lifetime that was read last, in seconds. */
    sessionTtl: () => lastKnown()?.sessionTtl ?? DEFAULT_SESSION_TTL,
    setSessionTtl: (seconds: number): Promise<void> => putSetting(db, SESSION_TTL, String(seconds)),
    change,
    /**
     * Notes that something was signed which is good for so many seconds: its key must verify that long. To be
     * followed by `settled` before the thing leaves.
     *
     * @param algorithm of a token, when it may be another than that of everybody
     */
    issued(kind: KeyKind, seconds: number, algorithm?: Algorithm): void {
      const known = lastKnown()
      if (!known) return
      const now = world.now()
      const { signing, cookies } = known
      const { id, longest } =
        (algorithm && signerOf(signing, algorithm, now)) ??
        currentOf<unknown>(kind === 'private-keys' ? signing : cookies, now)
      if (seconds <= longest) return
      const writing = change(kind, ring => {
        const key = ring.find(each => each.id === id)
        if (!key || key.longest >= seconds) return ring
        return ring.map(each => (each === key ? { ...each, longest: seconds } : each))
      })
      issues.add(writing)
      // `settled` hands a failure to the request that signed.
      void writing.catch(() => undefined).finally(() => issues.delete(writing))
    },
    /** Waits until what `issued` noted is written down. */
    settled: () => Promise.all(issues),
    /** Deletes keys that nothing needs any more. */
    async purge(): Promise<void> {
      const { sessionTtl } = await fresh()
      for (const kind of KEY_KINDS)
        await change(kind, ring => {
          const kept = usable(ring, world.now(), kind === 'private-keys' ? sessionTtl : 0)
          return kept.length === ring.length ? ring : kept
        })
    },
  }
}

export type Force = ReturnType<typeof createInForce>
