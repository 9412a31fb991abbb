import Provider, { type KoaContextWithOIDC, type RefreshToken } from 'oidc-provider'
import type { Keys } from '../crypto/keys.ts'
import type { World } from '../world.ts'
import { idHash } from './adapter.ts'
import { LATE, successorOf } from './refresh-chain.ts'
import type { OidcStore } from './store.ts'
import { withMember } from './submissions.ts'

/** How far a chain that went on within the grace is followed, so that nobody can make one request a long one. */
const LONGEST_WALK = 50

interface Rotating {
  jti: string
  consume(): Promise<void>
  generateTokenId(): string
}

/** True for a refresh token that comes again when it may no longer: it is refused, and its successor stays good. */
export const isLate = (token: RefreshToken) => (token as { [LATE]?: boolean })[LATE] === true

/**
 * Makes every use of one refresh token end with one successor: those who ask at once, or again while they may, get the
 * same one, or the one that has come after it since.
 */
export function rotateToOne(
  provider: Provider,
  { store, keys, world }: { store: OidcStore; keys: Keys; world: World },
): void {
  withMember(provider.RefreshToken, LATE)
  const successors = new WeakMap<object, string>()
  const kind = provider.RefreshToken.name

  async function isSpent(token: string): Promise<boolean> {
    const row = await store.byId(kind, idHash(keys, kind, token), world.now())
    return row !== undefined && row.consumed_at !== null
  }

  async function newestAfter(token: string): Promise<string> {
    let newest = successorOf(keys, token)
    for (let step = 1; step < LONGEST_WALK && (await isSpent(newest)); step += 1)
      newest = successorOf(keys, newest)
    return newest
  }

  const tokens = provider.RefreshToken.prototype as unknown as Rotating
  const { consume, generateTokenId } = tokens
  tokens.consume = async function (this: Rotating) {
    await consume.call(this)
    successors.set(this, await newestAfter(this.jti))
  }
  tokens.generateTokenId = function (this: Rotating) {
    const { RotatedRefreshToken: rotated } =
      (Provider.ctx as KoaContextWithOIDC | undefined)?.oidc.entities ?? {}
    return (rotated && successors.get(rotated)) ?? generateTokenId.call(this)
  }
}
