import { newId } from '../crypto/chance.ts'
import { type Keys, mac, sameText } from '../crypto/keys.ts'
import type { World } from '../world.ts'

/** A browser in which somebody may have signed in before. */
export interface Browser {
  /** The `Cookie` header that it sent. */
  cookies: string | undefined
  /** False when the browser is certainly not known, so that nobody need look for the account. */
  isKnown: boolean
  /** Its id, when it signed in with this account before. */
  deviceOf(userId: string): string | undefined
  /**
   * Proves that somebody signed in here before, whoever it was; undefined where nobody did. It is the same in all browsers
   * of one account, so that what it allows is counted once for all of them.
   */
  pass: string | undefined
  /** Knows it again from now on; the answer is to carry `setCookie`. */
  remember(userId: string): void
  /** The `Set-Cookie` header that the answer is to carry. */
  setCookie?: string
}

/** The cookie of browsers that signed in. */
export const BROWSER_COOKIE = '_known_browser'

const DAY = 24 * 60 * 60_000
const LIFETIME = 180 * DAY

/** Most accounts that one browser is known with. One more replaces the account that signed in longest ago. */
const MOST = 5

/** In the place of a user in the entry that is a pass: no user has that id. */
const NOBODY = ''

const ID_LENGTH = 21

interface Entry {
  id: string
  at: number
  /** Of id, moment and user: so the cookie proves who signed in, and names nobody. */
  proof: string
}

const ENTRY = /^([0-9a-z]{21})\.([0-9a-z]{1,10})\.([\w-]{43})$/

/**
 * Recognizes, by a signed cookie, the browsers in which a user signed in before. The cookie lets nobody in. It only
 * gives tries of their own to users whose account strangers keep guessing at; see `Budget`.
 *
 * @example createBrowsers(keys, world, { secure: true }).of(request.headers.cookie).isKnown // false
 */
export function createBrowsers(keys: Keys, world: World, { secure }: { secure: boolean }) {
  const proofOf = (id: string, at: number, userId: string) =>
    mac(keys.browsers, 'signed in', id, String(at), userId)

  /** What a pass of an account is known by; without the key it names nobody. */
  const passOf = (userId: string) =>
    BigInt(`0x${Buffer.from(mac(keys.browsers, 'pass', userId), 'base64url').toString('hex')}`)
      .toString(36)
      .padStart(ID_LENGTH, '0')
      .slice(0, ID_LENGTH)

  const signed = (id: string, userId: string): Entry => {
    const at = world.now()
    return { id, at, proof: proofOf(id, at, userId) }
  }

  function read(cookies: string | undefined): Entry[] {
    const prefix = `${BROWSER_COOKIE}=`
    const pair = (cookies ?? '').split(';').find(each => each.trimStart().startsWith(prefix))
    if (!pair) return []
    const entries = pair
      .trim()
      .slice(prefix.length)
      .split('~', MOST + 1)
    return entries.flatMap(text => {
      const [, id, moment, proof] = ENTRY.exec(text) ?? []
      if (id === undefined || moment === undefined || proof === undefined) return []
      const at = Number.parseInt(moment, 36)
      return at > world.now() - LIFETIME ? [{ id, at, proof }] : []
    })
  }

  return {
    /** The browser that sent these cookies. */
    of(cookies: string | undefined): Browser {
      const entries = read(cookies)
      const entryOf = (userId: string) =>
        entries.find(({ id, at, proof }) => sameText(proof, proofOf(id, at, userId)))
      return {
        cookies,
        isKnown: entries.length > 0,
        deviceOf: userId => entryOf(userId)?.id,
        get pass() {
          return entryOf(NOBODY)?.id
        },
        remember(userId) {
          const known = entryOf(userId)
          // The browser keeps its id, so that signing in again gives no new tries.
          const own = signed(known?.id ?? newId(world.random), userId)
          const before = entryOf(NOBODY)
          const others = entries.filter(each => each !== known && each !== before)
          const value = [...[own, ...others].slice(0, MOST), signed(passOf(userId), NOBODY)]
            .map(each => `${each.id}.${each.at.toString(36)}.${each.proof}`)
            .join('~')
          const age = LIFETIME / 1000
          this.setCookie = `${BROWSER_COOKIE}=${value}; Path=/; Max-Age=${age}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`
        },
      }
    },
  }
}

export type Browsers = ReturnType<typeof createBrowsers>
