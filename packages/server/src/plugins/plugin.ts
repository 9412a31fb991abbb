import type { FormItem } from '@countersign/api'
import {
  type Connector,
  type Issue,
  type Localized,
  type Message,
  networkCode,
  neverConnected,
  SendError,
  type SendWorld,
  type Sent,
  type UsageType,
} from '@countersign/kit'
import type { Log } from '../world.ts'
import { type Created, type Creator, isKitError, type Metadata } from './contract.ts'
import { pluginFailures } from './failures.ts'
import { isConfidential, settingsOf } from './fields.ts'

/** A connector out of a package of Logto's contract. Used like our own; only its configuration it checks itself. */
export interface Plugin extends Connector {
  /** The package's name. */
  package: string
  /** What it says about itself; files are read, logos are data addresses. */
  metadata: Metadata & { formItems?: FormItem[] | undefined }
  /** What is wrong with a configuration, in the wire's form; nothing when it is good. */
  issuesOf(config: unknown): Issue[]
}

/** What an operator has written for e-mails of a kind, in a language or what stands in for it. */
export type FindTemplate = (usageType: UsageType, locale: string | undefined) => Promise<object | undefined>

/** What packages may ask beside what our own connectors may. */
export interface PackageWorld extends SendWorld {
  mailTemplate?: FindTemplate | undefined
}

/** Whether a connector came out of a package. */
export const isPlugin = (connector: Connector): connector is Plugin => 'issuesOf' in connector

const localized = (text: { en: string } & Record<string, string>): Localized => ({
  'zh-CN': text.en,
  ...text,
})

/** The issues of whatever Zod the package brings; an error without any becomes one issue. */
function issuesIn(error: unknown): Issue[] {
  const { issues, message } = (error ?? {}) as { issues?: unknown; message?: unknown }
  if (Array.isArray(issues) && issues.length > 0) return issues as Issue[]
  return [
    { code: 'custom', path: [], message: String(message ?? 'is not a configuration of this connector') },
  ]
}

/**
 * Makes a connector out of what a package's creator function made.
 *
 * @param log is told of a send that fails when nobody waits for it any more
 */
export function createPlugin(
  name: string,
  create: Creator,
  made: Created,
  metadata: Metadata,
  log: Log,
): Plugin {
  return {
    id: metadata.id,
    package: name,
    metadata,
    channel: made.type === 'Sms' ? 'sms' : 'email',
    name: localized(metadata.name),
    description: localized(metadata.description),
    settings: settingsOf(metadata.formItems, metadata.configTemplate),
    failures: pluginFailures,
    issuesOf(config) {
      const result = made.configGuard.safeParse(config)
      return result.success ? [] : issuesIn(result.error)
    },
    async send(message, settings, world: PackageWorld) {
      const config = settings as Record<string, unknown>
      const find = made.type === 'Email' ? world.mailTemplate : undefined
      try {
        // Made anew for each send, as Logto does: a package may keep what it finds in its configuration.
        const sending = Promise.resolve(
          create({
            getConfig: async () => config,
            ...(find && { getI18nEmailTemplate: (type, tag) => find(type as UsageType, tag) }),
          }),
        ).then(connector => (connector as Created).sendMessage(dataOf(message), config))
        const tellLate = (error: unknown) => {
          const { failure, code } = toSendError(error, confidentialIn(config, message))
          log('warn', 'connector package failed late', { package: name, error: `${failure} ${code ?? ''}` })
        }
        return { ids: idsOf(await inTime(sending, world, tellLate)) }
      } catch (error) {
        throw toSendError(error, confidentialIn(config, message))
      }
    },
  }
}

/** Without the minutes, which Logto's contract does not know: some packages hand on every member that they are given. */
const dataOf = ({ to, usageType, payload: { minutes: _, ...payload }, ip }: Message) => ({
  to,
  type: usageType,
  payload,
  ...(ip !== undefined && { ip }),
})

/** Packages know no deadline, and what they have begun cannot be called back. */
async function inTime<T>(
  sending: Promise<T>,
  world: SendWorld,
  tellLate: (error: unknown) => void,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  let isOver = false
  const deadline = new Promise<never>((_, reject) => {
    const overdue = () => {
      isOver = true
      reject(new SendError('unreachable', { code: 'ETIMEDOUT', maybeSent: true }))
    }
    timer = setTimeout(overdue, world.deadline)
  })
  // It may still fail long after nobody waits for it.
  sending.catch(error => isOver && tellLate(error))
  return await Promise.race([sending, deadline]).finally(() => clearTimeout(timer))
}

/** Ids in what a package returns: it may return anything, e.g. nodemailer's `messageId`. */
function idsOf(result: unknown): Sent['ids'] {
  if (typeof result !== 'object' || result === null) return {}
  return Object.fromEntries(
    Object.entries(result).filter(
      (entry): entry is [string, string] =>
        /^(?:id|sid|\w+I[dD])$/.test(entry[0]) && typeof entry[1] === 'string' && entry[1].length <= 200,
    ),
  )
}

/** As much of a package's own words as an operator gets to see. */
const SHOWN = 4_000

function toSendError(error: unknown, confidential: readonly string[]): SendError {
  if (error instanceof SendError) return error
  const words = isKitError(error) ? asText(error.data ?? error.message) : asText((error as Error)?.message)
  const answer = { body: strike(words, confidential).slice(0, SHOWN) }
  if (isKitError(error)) {
    const code = error.code === 'template_not_found' ? 'template_missing' : error.code
    const failure = pluginFailures[code]?.failure ?? 'unrecognized'
    // An answer came that the package cannot read: the message may be on its way.
    return new SendError(failure, { code, maybeSent: code === 'invalid_response', answer })
  }
  if (neverConnected(error)) return new SendError('unreachable', { code: networkCode(error), answer })
  return new SendError('provider_fault', { maybeSent: true, answer })
}

function asText(value: unknown): string {
  if (typeof value === 'string') return value
  try {
    return JSON.stringify(value) ?? ''
  } catch {
    return String(value)
  }
}

/** Texts that must not be repeated: the code, and what stands at confidential places of the configuration. */
function confidentialIn(config: unknown, { payload }: Message): string[] {
  const found: string[] = payload.code ? [payload.code] : []
  const walk = (value: unknown, hidden: boolean): void => {
    if (typeof value === 'string' && hidden) found.push(value)
    if (typeof value === 'object' && value !== null)
      for (const [key, member] of Object.entries(value)) walk(member, hidden || isConfidential(key))
  }
  walk(config, false)
  // Longest first, so that a part does not break up its whole; a very short one would strike out half of any text.
  return found.filter(text => text.length >= 4).sort((a, b) => b.length - a.length)
}

const strike = (text: string, confidential: readonly string[]) =>
  confidential.reduce((result, secret) => result.replaceAll(secret, '******'), text)
