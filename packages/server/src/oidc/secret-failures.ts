import Provider, { errors, type KoaContextWithOIDC } from 'oidc-provider'
import type { SecretCheck } from '../applications/applications.ts'
import { networkOf } from '../http/network.ts'
import type { World } from '../world.ts'
import type { ProviderRequest } from './requests.ts'

/** Wrong secrets of one application that one address may bring within the window. */
const MOST = 20
const WINDOW = 10 * 60_000

/** What is remembered at most, so that strangers with many addresses fill no memory: the oldest go first. */
const MOST_REMEMBERED = 10_000

/** The answer to whom brought too many wrong secrets: this one was not looked at, right or wrong. */
export class TooManySecrets extends errors.OIDCProviderError {
  constructor() {
    super(429, 'temporarily_unavailable')
    this.error_description = 'too many wrong client secrets from this address'
  }
}

/**
 * Counts wrong client secrets, for each application and address, so that a stranger can keep nobody out from elsewhere.
 * It counts in memory, for each node by itself.
 */
export function createSecretFailures({ now }: Pick<World, 'now'>) {
  const failures = new Map<string, { count: number; until: number }>()

  const current = (key: string) => {
    const entry = failures.get(key)
    return entry && entry.until > now() ? entry : undefined
  }

  function refuseBlocked(key: string, ctx: KoaContextWithOIDC | undefined): void {
    const entry = current(key)
    if (!entry || entry.count < MOST) return
    ctx?.set('Retry-After', String(Math.ceil((entry.until - now()) / 1000)))
    throw new TooManySecrets()
  }

  function fail(key: string): void {
    const { count, until } = current(key) ?? { count: 0, until: now() + WINDOW }
    failures.delete(key)
    failures.set(key, { count: count + 1, until })
    if (failures.size > MOST_REMEMBERED) failures.delete(failures.keys().next().value!)
  }

  /**
   * Runs a check of a secret, unless the address of the present request brought too many wrong ones of this client.
   *
   * @throws TooManySecrets also after the check, so that of parallel guesses no more are answered than there may be
   */
  return async (clientId: string, check: () => Promise<SecretCheck>): Promise<SecretCheck> => {
    const { ctx } = Provider
    const key = `${clientId} ${networkOf((ctx?.req as ProviderRequest | undefined)?.ip)}`
    refuseBlocked(key, ctx)
    const outcome = await check()
    refuseBlocked(key, ctx)
    if (outcome === 'wrong') fail(key)
    return outcome
  }
}

export type SecretFailures = ReturnType<typeof createSecretFailures>
