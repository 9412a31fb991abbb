import { AsyncLocalStorage } from 'node:async_hooks'
import type Provider from 'oidc-provider'
import { errors } from 'oidc-provider'
import type { ProviderRequest } from './requests.ts'
import type { Name, StoredPayload } from './rows.ts'
import type { OidcStore } from './store.ts'

const nameOf = ({ kind, idHash }: Name) => `${kind}/${idHash}`

/** Somebody else has ended the interaction that this request was to end. */
export const interactionGone = () => new errors.SessionNotFound('interaction session not found')

/**
 * What one request is to store and to forget, gathered so that it costs a statement each. The use of a code is none of
 * it, nor what is revoked: that is decided at once.
 */
class Gathered {
  readonly #store: OidcStore
  readonly #rows = new Map<string, StoredPayload>()
  readonly #gone = new Map<string, Name>()
  #ended: Name | undefined
  #concluded: StoredPayload | undefined
  readonly #afterwards: (() => void)[] = []
  /** When one write has failed, so has the request. */
  #written: Promise<void> = Promise.resolve()

  constructor(store: OidcStore) {
    this.#store = store
  }

  /** Stores a thing. */
  add(row: StoredPayload): void {
    this.#gone.delete(nameOf(row))
    this.#rows.set(nameOf(row), row)
  }

  /** Forgets a thing. */
  drop(name: Name): void {
    this.#rows.delete(nameOf(name))
    this.#gone.set(nameOf(name), name)
  }

  /** Ends an interaction: all of the request happens only if this one is the first to do so. */
  end(name: Name): void {
    this.#ended = name
  }

  /** Gives an interaction its result: all of the request is stored only if the interaction is still there. */
  conclude(row: StoredPayload): void {
    this.#concluded = row
  }

  /** True when what was gathered changes what is found of this kind. */
  #concerns(kind: string): boolean {
    const all = [...this.#rows.values(), ...this.#gone.values(), this.#ended, this.#concluded]
    return all.some(each => each?.kind === kind)
  }

  /** Does something when all is stored, and never when that fails. */
  afterwards(work: () => void): void {
    this.#afterwards.push(work)
  }

  /**
   * Writes what was gathered so far, after what is being written.
   *
   * @param kind only when it concerns this kind
   * @throws SessionNotFound when its interaction is gone
   */
  write(kind?: string): Promise<void> {
    if (kind === undefined || this.#concerns(kind)) this.#written = this.#written.then(() => this.#writeNow())
    return this.#written
  }

  async #writeNow(): Promise<void> {
    const changes = {
      ended: this.#ended,
      gone: [...this.#gone.values()],
      concluded: this.#concluded,
      rows: [...this.#rows.values()],
    }
    this.#gone.clear()
    this.#rows.clear()
    this.#ended = undefined
    this.#concluded = undefined
    if (!(await this.#store.writeGathered(changes))) throw interactionGone()
  }

  /** Writes the rest, at the end of the request. */
  async finish(): Promise<void> {
    await this.write()
    for (const work of this.#afterwards.splice(0)) work()
  }
}

const requests = new AsyncLocalStorage<Gathered>()

/** What the running request gathers; undefined where each thing is stored at once. */
export const gathered = (): Gathered | undefined => requests.getStore()

/**
 * Writes what the request has gathered, before something that must come after it.
 *
 * @param kind only when it concerns this kind
 */
export async function writeGathered(kind?: string): Promise<void> {
  await gathered()?.write(kind)
}

/** Does something that tells of what the request stores, once it is stored. */
export function onceStored(work: () => void): void {
  const open = gathered()
  if (open) open.afterwards(work)
  else work()
}

/**
 * Gathers what some work stores, and ends when that is stored; also when the work fails, for what was to be stored on
 * the way, such as a session, is to be there.
 *
 * @throws SessionNotFound when the interaction that the work ends is gone; then nothing is stored
 */
export function gathering<T>(store: OidcStore, work: () => Promise<T>): Promise<T> {
  const open = new Gathered(store)
  return requests.run(open, () => work().finally(() => open.finish()))
}

/** Gathers what each request to the provider stores, and lets no answer leave before it is stored. */
export function gatherRequests(provider: Provider, store: OidcStore): void {
  provider.use(async (ctx, next) => {
    try {
      await gathering(store, next)
    } catch (error) {
      // Nothing of the answer may leave, for it speaks of what is not there.
      for (const header of ['Set-Cookie', 'Location', 'Content-Type']) ctx.remove(header)
      if (!(error instanceof errors.OIDCProviderError)) throw error
      ;(ctx.req as ProviderRequest).failure = error
      ctx.status = error.statusCode
      ctx.body = { error: error.error, error_description: error.error_description }
    }
  })
}
