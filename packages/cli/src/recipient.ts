import type { Connector } from '@countersign/kit'
import { usageError } from './exit-codes.ts'

/**
 * The recipient as a connector takes it. A `+` stays: with it the country code is certain, and an American number is
 * not taken for a bare Chinese one.
 */
export function readRecipient(connector: Connector, text: string): string {
  if (connector.channel === 'email') {
    const address = text.trim()
    if (!/^[^\s@,;]+@[^\s@,;]+$/.test(address)) throw usageError('--to must be one mail address.')
    return address
  }
  const number = text.replaceAll(/[\s().-]/g, '')
  if (!/^(?:\+|00)?\d{5,20}$/.test(number))
    throw usageError('--to must be one phone number with its country code, e.g. "+86 138 0013 8000".')
  return number
}
