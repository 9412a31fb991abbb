import { z } from 'zod'
import { asciiDigits } from './digits.ts'

/** Language tag → text; `en` is always there. */
export const LocalizedText = z.object({ en: z.string() }).catchall(z.string())

/** Body of every error that the API raises. */
export const ErrorBody = z.object({
  code: z.string(),
  message: z.string(),
  data: z.unknown().optional(),
  details: z.string().optional(),
})
export type ErrorBody = z.output<typeof ErrorBody>

export const JsonObject = z.record(z.string(), z.unknown())

/** Most characters of an address, number or name that somebody signs in with. */
const LONGEST_IDENTIFIER = 256

/** What somebody says to be an identifier, right or wrong. */
export const AnyIdentifier = z.string().max(LONGEST_IDENTIFIER)

/** Logto's phone rule: digits only, country code first, no plus. Those of every script count. */
export const Phone = z
  .string()
  .max(LONGEST_IDENTIFIER)
  .overwrite(asciiDigits)
  .regex(/^\d+$/, 'must be digits only, country code first and without +')

/** A code as it was typed, in digits of whatever script. */
export const TypedCode = z.string().overwrite(asciiDigits)

/** Logto's username rule: a letter or underscore, then letters, digits, underscores. */
export const Username = z
  .string()
  .max(128)
  .regex(
    /^[A-Z_a-z]\w*$/,
    'must start with a letter or underscore and hold only letters, digits and underscores',
  )

export const UsageType = z.enum([
  'SignIn',
  'Register',
  'ForgotPassword',
  'OrganizationInvitation',
  'Generic',
  'UserPermissionValidation',
  'BindNewIdentifier',
  'MfaVerification',
  'BindMfa',
])

/**
 * An absolute web address. No other scheme: these end in links, redirects and claims that others make links of, where
 * `javascript:` would be a program.
 */
export const WebAddress = z
  .url({ protocol: /^https?$/, error: 'must be an address that begins with https:// or http://' })
  .max(2048)

/** A web address, or empty or null to clear. */
export const UrlOrNothing = z.union([WebAddress, z.literal(''), z.null()], {
  error: 'must be an address that begins with https:// or http://',
})

/**
 * Marks a setting that is checked, kept and given back for those who write settings whole, and that nothing here reads.
 *
 * @example idle(z.boolean()).optional()
 */
export const idle = <T extends z.ZodType>(schema: T): T =>
  schema.describe('Kept and given back; does nothing here.')

/** Whether a new password ends what was signed in before it; it does unless told otherwise. */
export const EndSessions = z.boolean().optional()

/** The query of a list that is cut into pages. */
export const PageQuery = z.object({ page: z.string().optional(), page_size: z.string().optional() })

/** The pages that a remedy names: of the provider's console, or of its documents. */
export const Links = z.array(z.object({ href: z.string(), label: LocalizedText }))
export type Links = z.output<typeof Links>
