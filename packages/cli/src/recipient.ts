import { emailComplaint, readEmail } from '@countersign/api'
import type { Connector } from '@countersign/kit'
import { normalizePhone, phoneProblem } from '@countersign/server'
import { usageError } from './exit-codes.ts'

const NEEDS_NUMBER = '--to must be one phone number with its country code, e.g. "+86 138 0013 8000".'

/** The recipient as the server would send to it. @throws UsageError that says what is wrong with it */
export function readRecipient(connector: Connector, text: string): string {
  if (connector.channel === 'email') {
    const { address, problem, ...rest } = readEmail(text.trim())
    if (problem) throw usageError(`--to ${emailComplaint({ problem, ...rest })}.`)
    return address
  }
  const number = normalizePhone(text)
  if (number === undefined) throw usageError(NEEDS_NUMBER)
  const problem = phoneProblem(text, 'length')
  if (problem === 'no-mainland-mobile')
    throw usageError('--to: a mobile number of mainland China has eleven digits after +86 and begins with 1.')
  if (problem) throw usageError(`--to: there is no such phone number. ${NEEDS_NUMBER}`)
  return number
}
