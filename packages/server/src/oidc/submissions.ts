import type { Submission } from '@countersign/api'
import type Provider from 'oidc-provider'
import type { KoaContextWithOIDC, Session } from 'oidc-provider'

/** A submission with the application that it was for. */
export type RememberedSubmission = Submission & { clientId: string }

/** Name of the member of a session that holds it. */
const MEMBER = 'submission'

/** A session's payload, and what it remembers. */
export function splitSubmission<P extends object>(
  payload: P & { [MEMBER]?: RememberedSubmission },
): { payload: P; clientId?: string; submission?: Submission } {
  const { [MEMBER]: remembered, ...rest } = payload
  if (!remembered) return { payload }
  const { clientId, ...submission } = remembered
  return { payload: rest as P, clientId, submission }
}

/** Lets a kind of thing keep one member more, sealed as all of it. */
export function withMember(model: object, member: string) {
  const known = (model as { IN_PAYLOAD: string[] }).IN_PAYLOAD
  Object.defineProperty(model, 'IN_PAYLOAD', { get: () => [...known, member] })
}

/** Keeps the newest sign-in with its session, sealed as all of it; single sign-on changes nothing. */
export function rememberSubmissions(provider: Provider): void {
  withMember(provider.Session, MEMBER)
  // Told before the session is saved.
  provider.on('interaction.ended', ctx => {
    const { result, session, client } = ctx.oidc as KoaContextWithOIDC['oidc'] & {
      result?: { login?: object; [MEMBER]?: Submission }
    }
    const submission = result?.login && result[MEMBER]
    if (!submission || !session || !client) return
    const remembered: RememberedSubmission = { ...submission, clientId: client.clientId }
    ;(session as Session & { [MEMBER]?: RememberedSubmission })[MEMBER] = remembered
  })
}
