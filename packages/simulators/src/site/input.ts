import { CLOUD_IDS, type CloudId } from '../cloud-ids.ts'
import { Refused } from '../control.ts'
import { MODES, type Mode } from '../receipts/modes.ts'
import type { Callback } from '../receipts/pushes.ts'
import type { ReceiptSettings } from '../receipts/receipts.ts'

/** A mistake in what was asked of the control API; its message is for the caller. */
export class BadInput extends Refused {}

/** Throws BadInput unless the value is absent or a whole number within the bounds. */
export function checkCount(name: string, value: unknown, least: number, most: number): void {
  const fits = Number.isInteger(value) && (value as number) >= least && (value as number) <= most
  if (value !== undefined && !fits)
    throw new BadInput(`"${name}" is a whole number from ${least} to ${most}.`)
}

/** The members of an object that has no others than these. Throws BadInput. */
function members(input: unknown, names: string[]): Record<string, unknown> {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new BadInput('Give a JSON object.')
  }
  const unknown = Object.keys(input).find(name => !names.includes(name))
  if (unknown !== undefined) throw new BadInput(`There is no member "${unknown}".`)
  return input as Record<string, unknown>
}

/** Reads `{"on": boolean}`. Throws BadInput. */
export function readSwitch(input: unknown): boolean {
  const on = typeof input === 'object' && input !== null ? (input as { on?: unknown }).on : undefined
  if (typeof on !== 'boolean') throw new BadInput('Give {"on": true} or {"on": false}.')
  return on
}

/** Reads `{"account", "messages"}`; null messages are without limit. Throws BadInput. */
export function readBalance(input: unknown): { account: string; messages: number | null } {
  const { account, messages } = members(input, ['account', 'messages'])
  if (typeof account !== 'string') throw new BadInput('"account" is an access key.')
  if (messages === undefined) throw new BadInput('"messages" is a number, or null for no limit.')
  if (messages !== null) checkCount('messages', messages, 0, 1_000_000_000)
  return { account, messages: messages as number | null }
}

/** Reads `{"cloud", "url", "token"?}`; a null url ends the pushes. Throws BadInput. */
export function readCallback(input: unknown): { cloud: CloudId; callback: Callback | null } {
  const { cloud, url, token } = members(input, ['cloud', 'url', 'token'])
  if (!CLOUD_IDS.includes(cloud as CloudId)) {
    throw new BadInput(`"cloud" is one of ${CLOUD_IDS.join(', ')}.`)
  }
  if (url === null) return { cloud: cloud as CloudId, callback: null }
  if (typeof url !== 'string') throw new BadInput('"url" is an address, or null.')
  if (token === undefined) return { cloud: cloud as CloudId, callback: { url } }
  const fits = typeof token === 'string' && /^[\x21-\x7e]{1,256}$/.test(token)
  if (!fits || cloud !== 'aliyun-dm') {
    throw new BadInput('"token" is a text without spaces, and for aliyun-dm only.')
  }
  return { cloud, callback: { url, token } }
}

/** Reads changes of how receipts come. Throws BadInput. */
export function readReceipts(input: unknown): Partial<ReceiptSettings> {
  const changes = members(input, ['delay', 'duplicates', 'sessionContext', 'mode'])
  checkCount('delay', changes.delay, 0, 86_400_000)
  for (const name of ['duplicates', 'sessionContext']) {
    if (changes[name] !== undefined && typeof changes[name] !== 'boolean') {
      throw new BadInput(`"${name}" is true or false.`)
    }
  }
  const { mode } = changes
  if (mode !== undefined && !MODES.includes(mode as Mode))
    throw new BadInput(`"mode" is one of ${MODES.join(', ')}.`)
  return changes as Partial<ReceiptSettings>
}

/** Reads `{"milliseconds": number}`. Throws BadInput. */
export function readAdvance(input: unknown): number {
  const { milliseconds } = members(input, ['milliseconds'])
  if (milliseconds === undefined) throw new BadInput('Give {"milliseconds": …}.')
  checkCount('milliseconds', milliseconds, 0, 7 * 86_400_000)
  return milliseconds as number
}
