import Provider, { type Grant, type KoaContextWithOIDC, type Session } from 'oidc-provider'
import { withMember } from './submissions.ts'

/** The member of sessions and grants that says in which epoch of their user they were good. */
export const EPOCH = 'epoch'

/** What ends by itself when another epoch of its user begins; tokens and codes hang on a grant. */
export const isOfEpoch = (kind: string) => kind === 'Session' || kind === 'Grant'

/** The epoch that a session or grant is known to be good in. */
export const epochOf = (model: Session | Grant): number => (model as { [EPOCH]?: number })[EPOCH] ?? 0

/** Puts a new grant into the epoch of the session that it is given in. */
export function intoEpochOf(grant: Grant, session: Session): void {
  ;(grant as { [EPOCH]?: number })[EPOCH] = epochOf(session)
}

interface LoggingIn {
  loginAccount(details: object): void
  [EPOCH]?: number | undefined
}

/** Gives every session the epoch in which its user proved who it is, and not the one in which it is stored. */
export function rememberEpochs(provider: Provider): void {
  withMember(provider.Session, EPOCH)
  withMember(provider.Grant, EPOCH)
  const sessions = provider.Session.prototype as unknown as LoggingIn
  const { loginAccount } = sessions
  sessions.loginAccount = function (this: LoggingIn, details) {
    const { oidc } = Provider.ctx as KoaContextWithOIDC
    const login = oidc.entities.Interaction?.result?.login as { [EPOCH]?: number } | undefined
    this[EPOCH] = login?.[EPOCH]
    loginAccount.call(this, details)
  }
}
