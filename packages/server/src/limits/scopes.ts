import type { SendScope } from '@countersign/api'
import type { Allowance } from '../counters/counters.ts'
import type { Keys } from '../crypto/keys.ts'
import { recipientKey } from '../crypto/recipient-key.ts'
import { networkKey } from '../http/network.ts'
import { prefixOf } from '../identifiers/phone.ts'
import type { Recipient } from '../identifiers/recipient.ts'
import type { Bound } from './policy.ts'

/** Where a message was asked for. */
export interface Origin {
  /** The address of the visitor who asked; undefined where nobody knows it. */
  ip?: string | undefined
  applicationId?: string | undefined
}

/** What messages have in common of which those do not count that were used: these are few, and honest users' own. */
export interface UnusedOf {
  channel: 'sms' | 'email'
  by: 'recipient_key' | 'network' | 'prefix'
  value: string
}

/** By what a scope counts a message; undefined where it has nothing to count by. */
interface Subject {
  /** Part of the key. */
  value: string
  /** Left out where all messages count, used or not. */
  unused?: UnusedOf
}

function subjectOf(scope: SendScope, keys: Keys, recipient: Recipient, origin: Origin): Subject | undefined {
  const { channel } = recipient
  const some = (value: string | undefined, by?: UnusedOf['by'], found = value): Subject | undefined =>
    value === undefined || found === undefined
      ? undefined
      : { value, ...(by && { unused: { channel, by, value: found } }) }
  switch (scope) {
    case 'recipient':
      return some(
        recipientKey(keys, recipient.reached),
        'recipient_key',
        recipientKey(keys, recipient.canonical),
      )
    case 'address':
      return some(networkKey(keys, origin.ip), 'network')
    case 'prefix':
      return some(channel === 'sms' ? prefixOf(recipient.value) : undefined, 'prefix')
    case 'country':
      return some(recipient.country)
    case 'application':
      return some(origin.applicationId)
    case 'all':
      return some('')
  }
}

const keyOf = ({ scope, window }: Pick<Bound, 'scope' | 'window'>, channel: string, subject: string) =>
  `${scope}/${channel}/${window}/${subject}`

/**
 * Every key under which the limits may have counted messages to a recipient, for whoever forgives them.
 *
 * @example await forget(db, keysOfRecipient(recipientKey(keys, recipient.reached)))
 */
export const keysOfRecipient = (recipient: string): string[] =>
  (['sms', 'email'] as const).flatMap(channel =>
    (['pause', 'minute', 'hour', 'day'] as const).map(window =>
      keyOf({ scope: 'recipient', window }, channel, recipient),
    ),
  )

/** A bound with what it counts one message under. */
export interface Scoped {
  bound: Bound
  allowance: Allowance
  /** See `UnusedOf`. */
  unused?: UnusedOf | undefined
}

/**
 * What one message is counted under, by the bounds that hold for it.
 *
 * @example const allowances = scopedBy(bounds, keys, recipient, { ip }).map(({ allowance }) => allowance)
 */
export function scopedBy(
  bounds: readonly Bound[],
  keys: Keys,
  recipient: Recipient,
  origin: Origin,
): Scoped[] {
  return bounds.flatMap((bound): Scoped[] => {
    const { scope, window, most, lasts } = bound
    const subject = subjectOf(scope, keys, recipient, origin)
    if (!subject) return []
    const key = keyOf(bound, recipient.channel, subject.value)
    // A pause lies between two messages, used or not.
    if (window === 'pause') return [{ bound, allowance: { key, most, lasts, window: 'rolling' } }]
    return [{ bound, allowance: { key, most, lasts, window: 'begun' }, unused: subject.unused }]
  })
}
