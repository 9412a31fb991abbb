/**
 * What the gateway of Alibaba Cloud does where its documents are silent or contradict each other. Each is a choice
 * of this stand-in; a connector must not rely on any of them. One choice is the shape of the code and not a value: the
 * order of the gateway's checks, told in `gateway.ts`.
 */

/** The error reference says 15 minutes, an older page says a request is valid for 31 minutes after creation. */
export const TIME_WINDOW_MS = 15 * 60 * 1000

/** How long a nonce is remembered: undocumented. Twice the window, so no request can come again unnoticed. */
export const NONCE_RETENTION_MS = 2 * TIME_WINDOW_MS

/** A version the product does not have; the gateway may as well say InvalidAction.NotFound. */
export const UNKNOWN_VERSION_CODE = 'InvalidVersion'

/** ACS3 without an Accept header that names a format: the documents show JSON only. */
export const ACS3_DEFAULT_FORMAT = 'JSON'

/** Headers an ACS3 signature must cover; the documents list them without saying which are enforced. */
export const ACS3_REQUIRED_HEADERS = [
  'host',
  'x-acs-action',
  'x-acs-version',
  'x-acs-date',
  'x-acs-signature-nonce',
  'x-acs-content-sha256',
] as const

/** A request that names a key but carries no signature, or an Authorization header that cannot be read. */
export const UNREADABLE_SIGNATURE_CODE = 'IncompleteSignature'

/** A temporary key sent without its token. */
export const TEMPORARY_KEY_WITHOUT_TOKEN_CODE = 'InvalidAccessKeyId.NotFound'

/** A SignatureVersion other than 1.0. */
export const WRONG_SIGNATURE_VERSION_CODE = 'InvalidSignatureVersion'

/** A key that RAM refuses before the product is asked: the general table prints 403, one product table 400. */
export const FORBIDDEN_STATUS = 403

/** A request body beyond the limit. */
export const BODY_TOO_LARGE_STATUS = 413

/** Required parameters that are present but empty count as missing. */
export const EMPTY_IS_MISSING = true

/** The wording of the ACS3 mismatch message, which also shows the canonical request. */
export function acs3MismatchText(stringToSign: string, canonicalRequest: string): string {
  return `Specified signature is not matched with our calculation. server string to sign is:${stringToSign} server canonical request is:${canonicalRequest}`
}
