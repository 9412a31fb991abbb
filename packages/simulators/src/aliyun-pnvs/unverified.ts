/**
 * What PNVS does where its documents are silent. Each is a choice of this stand-in; a connector must not rely on any of
 * them. Choices that are the shape of the code and not a value:
 * - a code with a prefix comes with HTTP 400 in the gateway's shape, one without in a body of HTTP 200: both are seen;
 * - the order of the product's own checks: permission, number, variables, signature and template, interval, day, balance;
 * - variables that the template does not use are tolerated.
 */

/** Forms of a number besides eleven digits: one example of the official SDK has 86 before them, the rest is unknown. */
export const NUMBER = /^(?:86)?(1[3-9]\d{9})$/

/** What a code of the caller's own may look like. */
export const OWN_CODE = /^[A-Za-z0-9]{4,8}$/

/** The code for variables that are missing, empty or no JSON object. */
export const VARIABLES_CODE = 'isv.INVALID_PARAMETERS'

/** The code for a CountryCode other than 86. */
export const ABROAD_CODE = 'isv.MOBILE_NUMBER_ILLEGAL'

/** The least and the most that the whole numbers of a request may be. */
export const RANGES = {
  CodeLength: [4, 8],
  CodeType: [1, 7],
  ValidTime: [1, 86_400],
  Interval: [1, 86_400],
  DuplicatePolicy: [1, 2],
  AutoRetry: [0, 1],
} as const

/** Messages to one number in 24 hours. */
export const PER_DAY = 10

/** How often the cloud lets a wrong code be tried before it forgets the right one. */
export const TRIES = 10
