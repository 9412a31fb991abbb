import type { SignInExperience, SignInExperiencePatch } from '@countersign/api'
import type { Connector } from '@countersign/kit'
import { ApiError } from '../refusals/refusal.ts'

/** Digits of a code where no policy says so; fits every template of the three clouds. */
const USUAL = 6

/** The lengths that a policy may ask for (see `VerificationCodePolicy`). */
const POSSIBLE = { least: 4, most: 8 } as const

/**
 * The number of digits that a code gets: as many as the policy asks for, or the nearest number that the connector carries.
 *
 * @example carriedLength(8, { codeLength: { least: 4, most: 6 } }) // 6
 */
export function carriedLength(
  asked: number = USUAL,
  { codeLength: { least, most } = POSSIBLE }: Pick<Connector, 'codeLength'>,
): number {
  return Math.min(most, Math.max(least, asked))
}

/**
 * Refuses a length that a connector in use cannot carry. What was saved before it was connected stays.
 *
 * @throws ApiError `sign_in_experiences.code_length_not_supported`, naming field, connector and the lengths that fit
 */
export function requireCarried(
  { verificationCodePolicy: policy }: SignInExperiencePatch,
  stored: SignInExperience,
  connectors: readonly Connector[],
): void {
  const length = policy?.codeLength
  if (length === undefined || length === stored.verificationCodePolicy.codeLength) return
  const narrow = connectors.find(connector => carriedLength(length, connector) !== length)
  if (!narrow) return
  const { least, most } = narrow.codeLength ?? POSSIBLE
  const fits = { least: Math.max(least, POSSIBLE.least), most: Math.min(most, POSSIBLE.most) }
  throw new ApiError('sign_in_experiences.code_length_not_supported', {
    data: { field: 'verificationCodePolicy.codeLength', connector: narrow.id, ...fits },
    values: { length, connector: narrow.name.en, ...fits },
  })
}
