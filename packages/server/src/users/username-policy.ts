import type { ErrorCode, SignInExperience } from '@countersign/api'

/**
 * Says what the username policy has against a new username; undefined when it may be used. For example:
 * `usernameProblem('1ada', policy)` is `'user.username_starts_with_number'`.
 */
export function usernameProblem(
  username: string,
  policy: SignInExperience['usernamePolicy'],
): ErrorCode | undefined {
  const { minLength, maxLength, allowedChars } = policy
  if (username === '') return 'user.username_required'
  if (/^\d/.test(username)) return 'user.username_starts_with_number'
  if (!/^\w+$/.test(username)) return 'user.username_invalid_charset_hard'
  if (username.length < minLength) return 'user.username_too_short'
  if (username.length > maxLength) return 'user.username_too_long'
  if (!allowedChars.uppercase && /[A-Z]/.test(username)) return 'user.username_uppercase_not_allowed'
  if (!allowedChars.lowercase && /[a-z]/.test(username)) return 'user.username_lowercase_not_allowed'
  if (!allowedChars.numbers && /\d/.test(username)) return 'user.username_numbers_not_allowed'
  if (!allowedChars.underscore && username.includes('_')) return 'user.username_underscore_not_allowed'
  return undefined
}
