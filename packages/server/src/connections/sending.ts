import {
  type Connector,
  type MailTemplate,
  type Message,
  SendError,
  secretKeys,
  type UsageType,
  withTemplate,
} from '@countersign/kit'
import type { Recipient } from '../identifiers/recipient.ts'
import { isPlugin, type PackageWorld } from '../plugins/plugin.ts'
import type { World } from '../world.ts'
import { redact, spellingsOf } from './redact.ts'
import type { Connection } from './room.ts'
import { rowLanguages } from './row-languages.ts'

/** What decides how a message reads, apart from its connection. */
export interface Wording {
  /** The language of readers for whom there is none of their own. */
  fallbackLanguage?(): Promise<string>
  /** What an e-mail says, where an operator wrote that apart from the connection. */
  mailTemplate?(usageType: UsageType, locale: string | undefined): Promise<MailTemplate | undefined>
}

/** What a request to a provider is made with. */
interface Sending extends Pick<Wording, 'mailTemplate'> {
  world: World
}

/** A connection as a message goes over it. */
interface Worded extends Pick<Connection, 'connector' | 'config'> {
  /** The language that stands in where no template is in the reader's own. */
  fallbackLocale?: string
}

/** A message, as far as connectors need to know it. */
export interface Written {
  recipient: Recipient
  usageType: UsageType
  payload: Message['payload']
  /** The address that asked for it. */
  ip?: string | undefined
}

/**
 * Whatever a connector throws becomes a `SendError`; a bug in one may have come after the request had left.
 *
 * @example const { failure } = asSendError(error)
 */
export function asSendError(error: unknown): SendError {
  return error instanceof SendError ? error : new SendError('provider_fault', { maybeSent: true })
}

/**
 * Makes a message as connectors take it.
 *
 * @example messageOf({ recipient, usageType: 'SignIn', payload: { code: '739154' } }, attemptId)
 */
export const messageOf = ({ recipient, usageType, payload, ip }: Written, attemptId: string): Message => ({
  to: recipient.value,
  ...(recipient.type === 'phone' && { hasCountryCode: true }),
  usageType,
  payload,
  attemptId,
  ...(ip !== undefined && { ip }),
})

/**
 * Has a connector make its one request.
 *
 * @example const { ids } = await sendOver(room, connection, message, 10_000)
 *
 * @throws SendError
 */
export function sendOver(
  { world: { fetch, now, random }, mailTemplate }: Sending,
  { connector, config, fallbackLocale }: Worded,
  message: Message,
  deadline: number,
): ReturnType<Connector['send']> {
  // Packages choose the template themselves, out of those of the operator and their own.
  const world: PackageWorld = {
    fetch,
    now,
    random,
    deadline,
    ...(isPlugin(connector) && { mailTemplate }),
  }
  return connector.send({ ...message, ...(fallbackLocale && { fallbackLocale }) }, config as never, world)
}

/**
 * What a message is sent with: the configuration, with the operator's own text of an e-mail in it, and where its rows are
 * in several languages the one that stands in for others. Packages choose by themselves.
 *
 * @example const itself = { ...connection, ...(await worded(room, connection, message)) }
 */
export async function worded(
  { mailTemplate, fallbackLanguage }: Wording,
  { connector, config }: Pick<Connection, 'connector' | 'config'>,
  { recipient, usageType, payload }: Written,
): Promise<Pick<Worded, 'config' | 'fallbackLocale'>> {
  if (isPlugin(connector)) return { config }
  const template = recipient.channel === 'email' ? await mailTemplate?.(usageType, payload.locale) : undefined
  if (template) return { config: withTemplate(config, usageType, template) }
  return rowLanguages(config).length > 0 && fallbackLanguage
    ? { config, fallbackLocale: await fallbackLanguage() }
    : { config }
}

/**
 * Gives the provider's answer without codes, recipients and keys; undefined where there was none.
 *
 * @example struck(failed, connection, message) // { status: 200, body: '{"Code":"isv.BUSINESS_LIMIT_CONTROL"}' }
 */
export function struck(
  error: SendError,
  { connector, config }: Pick<Connection, 'connector' | 'config'>,
  message: Message,
) {
  if (!error.answer) return undefined
  const secrets = [
    ...secretKeys(connector.settings).map(key => String(config[key] ?? '')),
    ...(message.payload.code ? [message.payload.code] : []),
    ...spellingsOf(message.to),
  ]
  const { status, body } = error.answer
  return {
    ...(status !== undefined && { status }),
    ...(body !== undefined && { body: redact(body, secrets) }),
  }
}
