import { getRandomValues, randomUUID } from 'node:crypto'
import {
  type Connector,
  explain,
  type Failure,
  type Fetch,
  type Issue,
  issuesOf,
  SendError,
  type SendWorld,
  settingsSchema,
  type UsageType,
} from '@countersign/kit'
import { type FormItem, factoryIdOf, formItems } from './factory.ts'

export { type FormItem, factoryIdOf, formItems }

/** Logto's contract for message connectors: a package's default export. */
export type CreateConnector = (options: {
  getConfig(id: string): Promise<unknown>
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

/** The failures that have a code of their own in the host's closed list; the rest are `general`. */
const CODES: Partial<Record<Failure, string>> = {
  rate_limited: 'rate_limit_exceeded',
  throttled: 'rate_limit_exceeded',
  balance_exhausted: 'usage_limit_exceeded',
  provider_fault: 'invalid_response',
}

/** Hosts have no deadline of their own; a person waits for the page this long. */
const DEADLINE = 10_000

function guardOf(connector: Connector): ConfigGuard {
  const schema = settingsSchema(connector.settings)
  const safeParse: ConfigGuard['safeParse'] = config => {
    const result = schema.safeParse(config)
    return result.success
      ? { success: true, data: result.data }
      : { success: false, error: new ConfigProblem(issuesOf(result.error, config)) }
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

/**
 * Offers a connector in Logto's contract.
 *
 * @param errorOf makes the error to throw out of a code and data. A host knows its errors by the identity of
 *   their class, so the package that carries the connector must make it with the kit that it shares with the host.
 */
export function toLogtoConnector(
  connector: Connector,
  errorOf: (code: string, data: unknown) => Error,
): CreateConnector {
  const id = factoryIdOf(connector)
  const configGuard = guardOf(connector)

  function toHost(error: unknown): unknown {
    if (!(error instanceof SendError)) return error
    const { failure, code, retryAfter, maybeSent } = error
    const { meaning, remedy } = explain(connector.failures, failure, code)
    const hosts = code === 'template_missing' ? 'template_not_found' : (CODES[failure] ?? 'general')
    // The host shows the data to whoever asked: what the provider answered is not among them.
    return errorOf(hosts, {
      errorDescription: `${error.message}: ${meaning.en} ${remedy.en}`,
      failure,
      ...(code !== undefined && { providerCode: code }),
      ...(retryAfter !== undefined && { retryAfter }),
      ...(maybeSent && { maybeSent }),
    })
  }

  return async ({ getConfig }) => ({
    type: connector.channel === 'sms' ? 'Sms' : 'Email',
    metadata: {
      id,
      target: connector.id,
      name: connector.name,
      description: connector.description,
      logo: './logo.svg',
      logoDark: null,
      readme: './README.md',
      platform: null,
      formItems: formItems(connector.settings),
    },
    configGuard,
    async sendMessage({ to, type, payload }, config) {
      const settings = configGuard.safeParse(config ?? (await getConfig(id)))
      if (!settings.success) throw errorOf('invalid_config', settings.error)
      const message = { to, usageType: type as UsageType, payload, attemptId: randomUUID() }
      try {
        return await connector.send(message, settings.data as never, platformWorld())
      } catch (error) {
        throw toHost(error)
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
