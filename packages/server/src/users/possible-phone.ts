import { phoneProblem } from '../identifiers/phone.ts'
import { ApiError } from '../refusals/refusal.ts'

/**
 * Refuses a number that no text message can reach before anything is asked, counted or written for it. Where that is not
 * certain, a program's number is taken.
 *
 * @param isKept whether it works all the same, because somebody has it; asked only for a number that would be refused
 * @throws ApiError `user.invalid_phone`, which says what is wrong
 * @example await requirePossible('8613800138000', async () => false)
 */
export async function requirePossible(value: string, isKept: () => Promise<boolean>): Promise<void> {
  const problem = phoneProblem(value, 'length')
  if (!problem || (await isKept())) return
  throw new ApiError('user.invalid_phone', {
    data: { name: 'ParseError' },
    ...(problem === 'no-mainland-mobile' && { values: { mainland: 11 } }),
  })
}
