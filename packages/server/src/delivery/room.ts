import {
  type Connector,
  type MailTemplate,
  type Message,
  type SendError,
  secretKeys,
  type UsageType,
  withTemplate,
} from '@countersign/kit'
import type { Connection } from '../connections/room.ts'
import type { AskedMessage, Ledger } from '../ledger/ledger.ts'
import { isPlugin, type PackageWorld } from '../plugins/plugin.ts'
import type { World } from '../world.ts'
import { redact, spellingsOf } from './redact.ts'
import { rowLanguages, rowsInLanguageFirst } from './row-languages.ts'

/** What every use case of delivery works with. */
export interface DeliveryRoom {
  world: World
  ledger: Pick<Ledger, 'begin' | 'withhold' | 'end'>
  /** Milliseconds for one message, retries included. */
  timeout: number
  /** The language of readers for whom there is none of their own. */
  fallbackLanguage?(): Promise<string>
  /** What an e-mail says, where an operator wrote that apart from the connection. */
  mailTemplate?(usageType: UsageType, locale: string | undefined): Promise<MailTemplate | undefined>
}

/** The connections that a message may go over, the first of them first. */
export type Candidates = readonly [Connection, ...Connection[]]

/** A message that is to leave. */
export interface OutgoingMessage extends AskedMessage {
  /** Its id in the ledger, which is that of its code; one of its own for a message without a code to be used. */
  id?: string
  payload: Message['payload']
  /** The address that asked for it. */
  ip?: string | undefined
  /** For a test identity: written down, but no request leaves. */
  unsent?: boolean
}

/** `unconfirmed`: the request left but no answer came; the message may arrive. */
export type Outcome = 'accepted' | 'unconfirmed'

/**
 * What the caller stores along with a delivery. It is stored at the same time as the delivery's own record, so
 * that both wait for the disk only once.
 */
export interface Along {
  /** Must have resolved before the message leaves. */
  before?: Promise<void>
  /** Done when the message is out, or may be. When it fails, the message is out all the same. */
  after?(): Promise<void>
}

/**
 * Makes a message as connectors take it.
 *
 * @example messageOf({ recipient, usageType: 'SignIn', payload: { code: '739154' } }, attemptId)
 */
export const messageOf = (
  { recipient, usageType, payload, ip }: OutgoingMessage,
  attemptId: string,
): Message => ({
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
  { world: { fetch, now, random }, mailTemplate }: DeliveryRoom,
  { connector, config }: Pick<Connection, 'connector' | 'config'>,
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
  return connector.send(message, config as never, world)
}

/**
 * A configuration as a message is sent with it: with the operator's own text of an e-mail, or its rows in the order in
 * which they stand in for languages that have none. Packages choose by themselves.
 *
 * @example const config = await worded(room, connection, message)
 */
export async function worded(
  { mailTemplate, fallbackLanguage }: DeliveryRoom,
  { connector, config }: Pick<Connection, 'connector' | 'config'>,
  { recipient, usageType, payload }: OutgoingMessage,
): Promise<Connection['config']> {
  if (recipient.channel !== 'email' || isPlugin(connector)) return config
  const template = await mailTemplate?.(usageType, payload.locale)
  if (template) return withTemplate(config, usageType, template)
  return rowLanguages(config).length > 0 && fallbackLanguage
    ? rowsInLanguageFirst(config, await fallbackLanguage())
    : config
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
