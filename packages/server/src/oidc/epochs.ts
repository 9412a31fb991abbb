import Provider, { type Grant, type KoaContextWithOIDC, type Session } from 'oidc-provider'
import { withMember } from './submissions.ts'

/** The member that says in which epoch of their user sessions, grants, codes and refresh tokens were good. */
export const EPOCH = 'epoch'

/** What is written again, or begets what is written; it knows in which epoch it was found good. */
const SOURCES = ['Session', 'Grant', 'AuthorizationCode', 'RefreshToken'] as const

/** True for what hands its epoch on to what a request writes because of it. */
export const handsEpochOn = (kind: string) => (SOURCES as readonly string[]).includes(kind)

/**
 * The epoch of what a request issues: that in which everything was good that it acts upon. Whatever ended meanwhile, a
 * token that is issued now was issued before that. Outside of requests nothing is issued, and the answer is 0.
 */
export function epochOfRequest(): number {
  const context = Provider.ctx as KoaContextWithOIDC | undefined
  const entities: Record<string, unknown> = { ...context?.oidc.entities }
  const known = [...SOURCES, 'RotatedRefreshToken']
    .map(name => (entities[name] as { [EPOCH]?: number } | undefined)?.[EPOCH])
    .filter(epoch => epoch !== undefined)
  return known.length === 0 ? 0 : Math.min(...known)
}

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
  for (const kind of SOURCES) withMember(provider[kind], EPOCH)
  const sessions = provider.Session.prototype as unknown as LoggingIn
  const { loginAccount } = sessions
  sessions.loginAccount = function (this: LoggingIn, details) {
    const { oidc } = Provider.ctx as KoaContextWithOIDC
    const login = oidc.entities.Interaction?.result?.login as { [EPOCH]?: number } | undefined
    this[EPOCH] = login?.[EPOCH]
    loginAccount.call(this, details)
  }
}
