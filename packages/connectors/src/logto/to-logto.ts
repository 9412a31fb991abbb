import { getRandomValues, randomUUID } from 'node:crypto'
import {
  type Connector,
  type Fetch,
  type Issue,
  isObject,
  issuesOf,
  type MailTemplate,
  SendError,
  type SendWorld,
  settingsSchema,
  type UsageType,
  withTemplate,
} from '@countersign/kit'
import { type FormItem, factoryIdOf, formItems } from './factory.ts'
import { isInLogto, logtoMember, underLogtoName, underOurNames } from './members.ts'
import { type HostError, publicError, type Telling, toldError } from './told.ts'

export { type FormItem, factoryIdOf, formItems, logtoMember, underOurNames }

/** Logto's contract for message connectors: a package's default export. */
export type CreateConnector = (options: {
  getConfig(id: string): Promise<unknown>
  /** What the operator wrote for e-mails of a kind; hosts older than these templates do not have it. */
  getI18nEmailTemplate?(templateType: string, languageTag?: string): Promise<unknown>
}) => Promise<LogtoConnector>

/** What a host of that contract gets to see of a connector. */
export interface LogtoConnector {
  type: 'Sms' | 'Email'
  metadata: {
    id: string
    target: string
    name: Connector['name']
    description: Connector['description']
    logo: string
    logoDark: null
    readme: string
    platform: null
    formItems: FormItem[]
  }
  configGuard: ConfigGuard
  sendMessage(data: MessageData, config?: unknown): Promise<unknown>
}

interface MessageData {
  to: string
  type: string
  payload: { code?: string; link?: string; locale?: string; [name: string]: unknown }
  ip?: string
}

/** As much of a Zod 3 schema as hosts call; theirs is another Zod than ours. */
interface ConfigGuard {
  safeParse(config: unknown): { success: true; data: unknown } | { success: false; error: ConfigProblem }
  parse(config: unknown): unknown
}

/** A failed parse in the form of Zod 3, which the host hands on to its own clients. */
class ConfigProblem extends Error {
  readonly issues: Issue[]
  constructor(issues: Issue[]) {
    super(issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; '))
    // The host's clients look for this name.
    this.name = 'ZodError'
    this.issues = issues
  }
  /** As Zod calls the issues, too. */
  get errors(): Issue[] {
    return this.issues
  }
}

/** Hosts have no deadline of their own; a person waits for the page this long. */
const DEADLINE = 10_000

function guardOf(connector: Connector): ConfigGuard {
  const schema = settingsSchema(connector.settings)
  const safeParse: ConfigGuard['safeParse'] = config => {
    const named = underOurNames(connector, config, 'logto')
    const result = schema.safeParse(named)
    if (result.success) return { success: true, data: result.data }
    const issues = issuesOf(result.error, named).map(issue => underLogtoName(connector, config, issue))
    return { success: false, error: new ConfigProblem(issues) }
  }
  return {
    safeParse,
    parse(config) {
      const result = safeParse(config)
      if (!result.success) throw result.error
      return result.data
    },
  }
}

/** The template that the host has for a message; undefined where it has none that can be used. */
async function hostsTemplate(
  find: ((type: string, tag?: string) => Promise<unknown>) | undefined,
  { type, payload }: MessageData,
): Promise<MailTemplate | undefined> {
  try {
    const found = await find?.(type, payload.locale)
    if (!isObject(found) || typeof found.subject !== 'string' || typeof found.content !== 'string') return
    return found as unknown as MailTemplate
  } catch {
    // A host that cannot look its templates up is no reason to send nothing: the configuration has one of its own.
    return undefined
  }
}

/**
 * Offers a connector in Logto's contract.
 *
 * @param errorOf makes the error to throw out of a code and data. A host knows its errors by the identity of
 *   their class, so the package that carries the connector must make it with the kit that it shares with the host.
 * @param tell is told of every failed send what only operators may know
 */
export function toLogtoConnector(
  connector: Connector,
  errorOf: (code: string, data: unknown) => Error,
  tell: Telling = () => {},
): CreateConnector {
  const id = factoryIdOf(connector)
  const configGuard = guardOf(connector)
  const isMail = connector.channel === 'email'
  const thrown = ({ code, data }: HostError) => errorOf(code, data)

  return async ({ getConfig, getI18nEmailTemplate }) => ({
    type: isMail ? 'Email' : 'Sms',
    metadata: {
      id,
      target: connector.id,
      name: connector.name,
      description: connector.description,
      logo: './logo.svg',
      logoDark: null,
      readme: './README.md',
      platform: null,
      formItems: formItems(connector.settings)
        .filter(({ key }) => isInLogto(connector, key))
        .map(item => ({ ...item, key: logtoMember(connector, item.key) })),
    },
    configGuard,
    async sendMessage(data, config) {
      // Hosts hand a configuration over only when an operator tries it out; what is told then reaches that operator.
      const isTrial = config !== undefined
      const parsed = configGuard.safeParse(config ?? (await getConfig(id)))
      if (!parsed.success) {
        if (isTrial) throw errorOf('invalid_config', parsed.error)
        tell({ connector: connector.id, failure: 'invalid_config', meaning: parsed.error.message })
        throw thrown(publicError('invalid_config'))
      }
      const { to, type, payload } = data
      const usageType = type as UsageType
      const template = isMail ? await hostsTemplate(getI18nEmailTemplate, data) : undefined
      const settings = parsed.data as Record<string, unknown>
      const worded = template ? withTemplate(settings, usageType, template) : settings
      const message = { to, usageType, payload, attemptId: randomUUID() }
      try {
        return await connector.send(message, worded as never, platformWorld())
      } catch (error) {
        if (!(error instanceof SendError)) throw error
        throw thrown(toldError(connector, error, isTrial, tell))
      }
    },
  })
}

/** `fetch` of the platform, looked up at each send: a host may replace it. It knows no proxy of one request. */
const platformFetch: Fetch = async (url, { proxy, ...init }) => {
  if (proxy !== undefined)
    throw Object.assign(
      new Error('This host has no proxy for one connection; set one for the whole process'),
      {
        code: 'PROXY_UNSUPPORTED',
        // Nothing has left.
        syscall: 'connect',
      },
    )
  return (globalThis.fetch as unknown as Fetch)(url, init)
}

/** The outside where no host of ours provides one. */
const platformWorld = (): SendWorld => ({
  fetch: platformFetch,
  now: Date.now,
  random: size => getRandomValues(new Uint8Array(size)),
  deadline: DEADLINE,
})
