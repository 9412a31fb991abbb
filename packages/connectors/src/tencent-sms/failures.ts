import type { Failure, FailureTable } from '@countersign/kit'

export const failures: FailureTable = {}

/** What a Tencent Cloud code that the table does not have stands for, by its first segment. */
export function fallback(code: string): Failure {
  const [first = '', second = ''] = code.split('.')
  if (first === 'AuthFailure') return 'credentials_rejected'
  if (first === 'RequestLimitExceeded') return 'throttled'
  if (first === 'LimitExceeded') return second.startsWith('PhoneNumber') ? 'rate_limited' : 'throttled'
  if (first === 'InternalError') return 'provider_fault'
  if (first.startsWith('InvalidParameter') || first === 'MissingParameter') return 'message_rejected'
  return 'unrecognized'
}
