import { asMainlandMobile, phoneProblem, showPhone } from '../identifiers/phone.ts'
import type { Recipient } from '../identifiers/recipient.ts'
import { ApiError } from '../refusals/refusal.ts'

/**
 * Refuses a number that no text message can reach before anything is asked, counted or written for it. Where that is not
 * certain, a program's number is taken, and so is a mainland number whose 86 may be left out.
 *
 * @param isKept whether it works all the same, because somebody has it; asked only for a number that would be refused
 * @throws ApiError `user.invalid_phone`, with the number that may have been meant
 */
export async function requirePossible(recipient: Recipient, isKept: () => Promise<boolean>): Promise<void> {
  if (recipient.type === 'email' || recipient.isBareMainland) return
  const digits = recipient.value
  const problem = phoneProblem(digits, 'length')
  if (!problem || (await isKept())) return
  const meant = asMainlandMobile(digits)
  throw new ApiError('user.invalid_phone', {
    data: { name: 'ParseError', ...(meant && { didYouMean: meant }) },
    values: {
      ...(problem === 'no-mainland-mobile' && { mainland: 11 }),
      ...(meant && { suggestion: showPhone(meant) }),
    },
  })
}
