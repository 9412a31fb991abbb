import { type Connector, explain, type Failure, type SendError } from '@countersign/kit'

// Logto hands the data of a connector's error on to whoever asked for the message: to an operator who tries a
// configuration out, but to a visitor who signs in as well. So what operators must know goes two ways only: into the
// answer to a trial, and into the log of the host's process.

/** What the host's error is made of. */
export interface HostError {
  code: string
  data: Readonly<Record<string, unknown>>
}

/** A failed send, for operators. It holds no recipient, no code, no key and nothing that the provider answered. */
export interface Told {
  connector: string
  failure: Failure | 'invalid_config'
  providerCode?: string
  meaning: string
  remedy?: string
  retryAfter?: number
  maybeSent?: true
  /** Addresses of the pages that the remedy names. */
  links?: string[]
}
export type Telling = (told: Told) => void

/** The failures that have a code of their own in the host's closed list; the rest are `general`. */
const CODES: Partial<Record<Failure, string>> = {
  rate_limited: 'rate_limit_exceeded',
  throttled: 'rate_limit_exceeded',
  balance_exhausted: 'usage_limit_exceeded',
  provider_fault: 'invalid_response',
}

/** What the person may know who waits for a message. */
const PUBLIC = {
  recipient_invalid: 'The message cannot be sent to this recipient. Check the number or the address.',
  rate_limited: 'Too many messages were sent. Wait a while, then ask for another one.',
} as const
const PUBLIC_ELSE = 'The message could not be sent. Try again later.'

/** The host's error as anybody may see it. */
export const publicError = (code: string, failure?: Failure): HostError => ({
  code,
  data: {
    errorDescription: (PUBLIC as Partial<Record<Failure, string>>)[failure ?? 'unrecognized'] ?? PUBLIC_ELSE,
  },
})

/** The host's error for a failed send, whose whole story goes to operators alone. */
export function toldError(
  connector: Connector,
  error: SendError,
  isTrial: boolean,
  tell: Telling,
): HostError {
  const { failure, code, retryAfter, maybeSent } = error
  const { meaning, remedy, links } = explain(connector.failures, failure, code, connector.pagesIn)
  const hosts = code === 'template_missing' ? 'template_not_found' : (CODES[failure] ?? 'general')
  const facts = {
    failure,
    ...(code !== undefined && { providerCode: code }),
    ...(retryAfter !== undefined && { retryAfter }),
    ...(maybeSent && { maybeSent }),
    ...(links && { links: links.map(({ href }) => href) }),
  }
  if (isTrial)
    return {
      code: hosts,
      data: { errorDescription: `${error.message}: ${meaning.en} ${remedy.en}`, ...facts },
    }
  tell({ connector: connector.id, ...facts, meaning: meaning.en, remedy: remedy.en })
  return publicError(hosts, failure)
}
