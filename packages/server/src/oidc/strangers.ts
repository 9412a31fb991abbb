import type { Interaction, Session } from 'oidc-provider'

const MINUTE = 60

/**
 * How long what is large or of use for a moment alone is kept of browsers in which nobody is signed in, in seconds. It
 * is gone ten minutes later, the purge included.
 */
export const STRANGERS = 9 * MINUTE

/** Most bytes of an authorization request that a stranger leaves for an hour. Those of applications have a third of it. */
const MOST_KEPT = 2048

/** How long a sign-in may take, in seconds, as in Logto; a stranger's whose request is very large may take less. */
export function interactionTtl({ params, prompt, session }: Interaction): number {
  const size = Buffer.byteLength(JSON.stringify([params, prompt]))
  return session?.accountId || size <= MOST_KEPT ? 60 * MINUTE : STRANGERS
}

/** How long a session lasts, in seconds: without a user it holds no more than what the page that signs out asks for. */
export const sessionTtlOf = ({ accountId }: Session, ofUsers: number): number =>
  accountId ? ofUsers : STRANGERS
