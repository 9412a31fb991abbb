import { type AuditLog, BACKCHANNEL_LOGOUT } from '@countersign/api'

/** Keys that can be offered; any other can be typed. */
export const KNOWN_KEYS: readonly string[] = [
  'Interaction.Create',
  'Interaction.End',
  ...['SignIn', 'Register', 'ForgotPassword'].flatMap(event => [
    `Interaction.${event}.Create`,
    `Interaction.${event}.Update`,
    `Interaction.${event}.Verification.PhoneVerificationCode.Create`,
    `Interaction.${event}.Verification.PhoneVerificationCode.Submit`,
    `Interaction.${event}.Verification.EmailVerificationCode.Create`,
    `Interaction.${event}.Verification.EmailVerificationCode.Submit`,
    `Interaction.${event}.Verification.Password.Submit`,
    `Interaction.${event}.Identifier.Submit`,
    `Interaction.${event}.Profile.Update`,
    `Interaction.${event}.Submit`,
  ]),
  'ExchangeTokenBy.AuthorizationCode',
  'ExchangeTokenBy.RefreshToken',
  'ExchangeTokenBy.ClientCredentials',
  'RevokeToken',
  'RevokeGrants',
  'EndSessions',
  BACKCHANNEL_LOGOUT,
  'Action.SignInOperator',
  'Action.SignOutOperator',
  'Action.CreateFirstOperator',
  'Action.AddOperator',
  'Action.RemoveOperator',
  'Action.ResetOperator',
  'Action.SetOperatorPassword',
  'Action.ChangeOperatorPassword',
]

/** Parts that say nothing to a reader. */
const SILENT = new Set(['Interaction', 'Verification'])

/** What a key's parts are called; a part without a name stays as it is. */
type Words = Readonly<Record<string, string>>

/**
 * A key in words: `Interaction.SignIn.Verification.PhoneVerificationCode.Submit` → `Sign-in · Phone code ·
 * Submitted`.
 */
export function sayKey(key: string, words: Words): string {
  // The same last word means something else where it stands alone, e.g. the end of a whole interaction.
  const whole = Object.hasOwn(words, key) ? words[key] : undefined
  if (whole) return whole
  return key
    .split('.')
    .filter(part => !SILENT.has(part))
    .map(part => (Object.hasOwn(words, part) ? words[part]! : part))
    .join(' · ')
}

/** What an entry says about who, from where, and why it failed; undefined where it does not say. */
export interface Told {
  failed: boolean
  userId: string | undefined
  applicationId: string | undefined
  operatorId: string | undefined
  operatorName: string | undefined
  /** The operator to whom something was done, or who could not sign in. */
  operatorConcerned: string | undefined
  interactionId: string | undefined
  ip: string | undefined
  userAgent: string | undefined
  error: { code: string | undefined; message: string } | undefined
}

const textOf = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)

function errorOf(error: unknown): Told['error'] {
  if (typeof error === 'string') return { code: undefined, message: error }
  if (typeof error !== 'object' || error === null) return undefined
  const { code, message } = error as Record<string, unknown>
  return { code: textOf(code), message: textOf(message) ?? JSON.stringify(error) }
}

/** Reads the members of an entry that everyone looks for. */
export function readEntry({ payload }: Pick<AuditLog, 'payload'>): Told {
  return {
    failed: payload.result !== 'Success',
    userId: textOf(payload.userId),
    applicationId: textOf(payload.applicationId),
    operatorId: textOf(payload.operatorId),
    operatorName: textOf(payload.operatorName),
    operatorConcerned: textOf((payload.operator as { name?: unknown } | undefined)?.name),
    interactionId: textOf(payload.interactionId),
    ip: textOf(payload.ip),
    userAgent: textOf(payload.userAgent),
    error: errorOf(payload.error),
  }
}
