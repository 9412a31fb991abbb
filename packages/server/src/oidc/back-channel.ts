import { setTimeout as sleep } from 'node:timers/promises'
import { BACKCHANNEL_LOGOUT } from '@countersign/api'
import type { Fetch } from '@countersign/kit'
import { readCapped } from '@countersign/kit'
import type Provider from 'oidc-provider'
import type { Client } from 'oidc-provider'
import type { Audit } from '../audit/audit.ts'
import type { World } from '../world.ts'
import { type Failure, failureOf } from './back-channel-failures.ts'

/** How long one try may take, in milliseconds. */
export const DEADLINE = 5_000

/** Pauses before the tries after the first, in milliseconds: a hiccup, a restart. */
const PAUSES: readonly number[] = [5_000, 30_000]

/** Whoever answers within this time has heard before the browser goes on; nobody makes it wait longer, in milliseconds. */
const HEAD_START = 300

/** Most tries under way at one node. Whoever signs out beyond that is signed out, and the application does not hear. */
const MOST_AT_ONCE = 500

/** Most deliveries that wait for another try, so that an application that is down leaves the others theirs. */
const MOST_WAITING = 500

/** An application has nothing to say; more of its answer is not read, in bytes. */
const MOST_READ = 16 * 1024

export interface BackChannelDeps {
  world: World
  /** How logout tokens leave. */
  fetch: Fetch
  audit?: Pick<Audit, 'record'> | undefined
  pauses?: readonly number[]
  deadline?: number
}

/** What went out, and what became of it: stands in the audit log. */
interface Outcome {
  tries: number
  failure?: Failure
}

/** The address without what may be secret in it. */
function shown(address: string): string {
  const { origin, pathname } = new URL(address)
  return origin + pathname
}

/** Tells applications that somebody signed out, in the background: nobody waits for an application that does not answer. */
export function createBackChannel({ world, fetch, audit, ...times }: BackChannelDeps) {
  const { pauses = PAUSES, deadline = DEADLINE } = times
  const underWay = new Set<Promise<void>>()
  const stopping = new AbortController()
  let waiting = 0

  async function deliver(send: () => Promise<unknown>): Promise<Outcome> {
    for (let tries = 1; ; tries += 1) {
      try {
        await send()
        return { tries }
      } catch (error) {
        const failure = failureOf(error, deadline)
        const pause = pauses[tries - 1]
        if (!failure.passing || pause === undefined || waiting >= MOST_WAITING) return { tries, failure }
        waiting += 1
        // Nothing but `stop` cuts it short, which is asked next.
        await sleep(pause, undefined, { signal: stopping.signal }).catch(() => {})
        waiting -= 1
        if (stopping.signal.aborted) return { tries, failure }
      }
    }
  }

  function record(client: Client, userId: string, { tries, failure }: Outcome): void {
    const applicationId = client.clientId
    const told = { url: shown(String(client.backchannelLogoutUri)), tries }
    if (!failure) {
      audit?.record(BACKCHANNEL_LOGOUT, { applicationId, userId, backchannelLogout: told })
      return
    }
    const { reason, status, sentence } = failure
    audit?.record(BACKCHANNEL_LOGOUT, {
      applicationId,
      userId,
      backchannelLogout: { ...told, reason, ...(status !== undefined && { status }) },
      error: { error: 'backchannel_logout_failed', error_description: sentence },
    })
    world.log('warn', 'logout token not delivered', {
      applicationId,
      failure: reason,
      error: sentence,
      ...(status !== undefined && { status }),
    })
  }

  /** Delivers in the background, and resolves when that is done, or the browser has waited long enough. Never rejects. */
  async function tell(client: Client, userId: string, send: () => Promise<unknown>): Promise<void> {
    if (underWay.size - waiting >= MOST_AT_ONCE || stopping.signal.aborted)
      return record(client, userId, { tries: 0, failure: failureOf(undefined, deadline) })
    const done = deliver(send)
      .then(outcome => record(client, userId, outcome))
      .finally(() => underWay.delete(done))
    underWay.add(done)
    await Promise.race([done, sleep(HEAD_START)])
  }

  return {
    /** Has a provider's clients told by us, with tokens that the provider makes: a new one for each try. */
    teach(provider: Provider): void {
      const prototype = provider.Client.prototype as Client
      const send = prototype.backchannelLogout as (userId: string, sid: string) => Promise<void>
      Object.assign(prototype, {
        backchannelLogout(this: Client, userId: string, sid: string) {
          return tell(this, userId, () => send.call(this, userId, sid))
        },
      })
    },
    /** How the provider's requests leave. Its own deadline and its own list of addresses are ours here. */
    async fetch(address: string | URL | Request, { headers, body }: RequestInit): Promise<Response> {
      const answer = await fetch(String(address), {
        method: 'POST',
        headers: Object.fromEntries(new Headers(headers)),
        body: String(body),
        signal: AbortSignal.timeout(deadline),
        redirect: 'manual',
      })
      await readCapped(answer.body, MOST_READ)
      return new Response(null, { status: answer.status })
    },
    /** When nothing is under way any more. */
    async settled(): Promise<void> {
      while (underWay.size > 0) await Promise.all(underWay)
    },
    /** Tries nothing again from now on, and ends what is under way. */
    async stop(): Promise<void> {
      stopping.abort()
      while (underWay.size > 0) await Promise.all(underWay)
    },
  }
}

export type BackChannel = ReturnType<typeof createBackChannel>
