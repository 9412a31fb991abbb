import { OWN } from './crypto/keys.ts'
import { addressProblem, passwordsIn } from './db/address.ts'
import { readTrustProxy, type TrustProxy } from './http/proxies.ts'
import { bitsOf, secretProblem } from './secret-strength.ts'
import { SETTINGS } from './settings-table.ts'
import { StartError } from './start-error.ts'

type SettingName = keyof typeof SETTINGS

const LOG_LEVELS = ['info', 'warn', 'error', 'silent'] as const

/** As the specification of OpenTelemetry names them: https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/ */
const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const

/** Which traces are made; `share` of them, 0 to 1, where that goes by a ratio. */
export interface Sampling {
  sampler: (typeof SAMPLERS)[number]
  share: number
}

/** The least that is worth a line in the log. */
export type LogLevel = (typeof LOG_LEVELS)[number]

export interface Config {
  port: number
  adminPort: number
  simulatorsPort: number
  /** Where simulators of another process are; empty to have own ones. */
  simulatorsUrl: string
  demoPort: number
  host: string
  adminHost: string
  /** Origin, no trailing slash. */
  endpoint: string
  adminEndpoint: string
  clouds: 'simulated' | 'real'
  /** Empty for SQLite. */
  databaseUrl: string
  dataDir: string
  /** Hexadecimal, or empty to generate. */
  secretKey: string
  /** Hexadecimal, or `own`; the first seals. Empty for `own` alone. */
  vaultKeys: readonly string[]
  /** See `clientAddress`. */
  trustProxy: TrustProxy
  logLevel: LogLevel
  /** Empty for none. */
  connectorsDir: string
  /** Requests of the public port that are answered at once. */
  maxRequests: number
  /** Milliseconds. */
  sendTimeout: number
  /** Milliseconds. */
  drainTime: number
  /** Milliseconds. */
  keepAlive: number
  /** Webhooks may go to private addresses. */
  webhookAllowPrivate: boolean
  /** Milliseconds. */
  refreshRetry: number
  /** Logout tokens may go to private addresses. */
  backchannelAllowPrivate: boolean
  auditRetentionDays: number
  deliveryRetentionDays: number
  /** Codes of test identities are fixed; else theirs are like all others. */
  testIdentities: boolean
  /** Where traces go, and which; absent when nothing is traced. */
  traces?: { endpoint: string; sampling: Sampling }
  /** Absent when nothing is measured; without a port, the console's answers. */
  metrics?: { port?: number; host: string; token?: string }
  /** Absent when nobody is told more than that the server is there. */
  statusApiKey?: string
  bootstrap?: { id: string; secret: string }
}

/** What is wrong with the environment: one line per setting, each with its remedy. */
export class ConfigError extends StartError {
  override name = 'ConfigError'
}

type Environment = Record<string, string | undefined>

/** Reads settings one by one, and remembers what is wrong with them. */
class Reader {
  readonly problems: string[] = []
  readonly #env: Environment

  constructor(env: Environment) {
    this.#env = env
  }

  /** A setting as it is written, or its default. */
  raw(name: SettingName): string {
    return this.#env[name]?.trim() || SETTINGS[name].default
  }

  refuse(name: SettingName, remedy: string): void {
    this.problems.push(`${name}: ${remedy}`)
  }

  port(name: SettingName, fallback = 0): number {
    const value = this.raw(name) === '' ? fallback : Number(this.raw(name))
    if (!Number.isInteger(value) || value < 0 || value > 65_535)
      this.refuse(name, 'must be a port number from 0 to 65535')
    return value
  }

  /** A number between two bounds; days are whole ones. For example: `reader.number('AUDIT_RETENTION_DAYS', 1, 90, 'days')`. */
  number(
    name: SettingName,
    least: number,
    most: number,
    unit: 'milliseconds' | 'seconds' | 'days' | 'requests' | 'share',
  ): number {
    const value = Number(this.raw(name))
    const isFine =
      value >= least && value <= most && ((unit !== 'days' && unit !== 'requests') || Number.isInteger(value))
    if (!isFine) this.refuse(name, `must be ${least} to ${most} (${unit})`)
    return value
  }

  /** One of two words: `reader.choice('TEST_IDENTITIES', 'on', 'off')`; undefined for any other. */
  choice<const A extends string, const B extends string>(name: SettingName, one: A, other: B) {
    const value = this.raw(name)
    return value === one ? one : value === other ? other : undefined
  }

  flag(name: SettingName): boolean {
    const value = this.choice(name, 'true', 'false')
    if (value === undefined) this.refuse(name, 'must be true or false')
    return value === 'true'
  }

  origin(name: SettingName, fallback: string): string {
    const value = this.raw(name) || fallback
    if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol)) {
      this.refuse(name, `must be an http(s) address such as https://sign-in.example.com, not "${value}"`)
      return fallback
    }
    const url = new URL(value)
    if (url.pathname !== '/' || url.search || url.hash)
      this.refuse(
        name,
        `must have no path, query or fragment: it takes a host name of its own, such as https://sign-in.example.com, since cookies and the paths of OpenID Connect are the whole host's`,
      )
    return url.origin
  }
}

/** Where the server listens and is reached, and which world it lives in. */
function readPlaces(reader: Reader) {
  const ports = {
    port: reader.port('PORT'),
    adminPort: reader.port('ADMIN_PORT'),
    simulatorsPort: reader.port('SIMULATORS_PORT'),
  }
  const simulatorsUrl = reader.raw('SIMULATORS_URL') && reader.origin('SIMULATORS_URL', 'http://127.0.0.1')
  if (simulatorsUrl && !isLoopback(new URL(simulatorsUrl).hostname))
    reader.refuse('SIMULATORS_URL', 'must be an address of this machine, such as http://127.0.0.1:3003')
  const clouds = reader.choice('CLOUDS', 'simulated', 'real')
  if (!clouds) reader.refuse('CLOUDS', 'must be "simulated" or "real"')
  const trust = readTrustProxy(reader.raw('TRUST_PROXY'))
  if (typeof trust === 'string') reader.refuse('TRUST_PROXY', trust)
  return {
    ...ports,
    simulatorsUrl,
    demoPort: reader.port('DEMO_PORT', ports.simulatorsPort === 0 ? 0 : ports.simulatorsPort + 1),
    host: reader.raw('HOST') || (clouds === 'simulated' ? '127.0.0.1' : ''),
    adminHost: reader.raw('ADMIN_HOST'),
    endpoint: reader.origin('ENDPOINT', `http://localhost:${ports.port}`),
    adminEndpoint: reader.origin('ADMIN_ENDPOINT', `http://localhost:${ports.adminPort}`),
    clouds: clouds === 'real' ? ('real' as const) : ('simulated' as const),
    trustProxy: typeof trust === 'string' ? 0 : trust,
    webhookAllowPrivate: reader.flag('WEBHOOK_ALLOW_PRIVATE'),
    backchannelAllowPrivate: reader.flag('BACKCHANNEL_ALLOW_PRIVATE'),
  }
}

/** More than these are leftovers of earlier rotations. */
const MOST_VAULT_KEYS = 8

/** Where things are kept, and the key that seals them. */
function readStorage(reader: Reader) {
  const databaseUrl = reader.raw('DATABASE_URL')
  const badAddress = databaseUrl ? addressProblem(databaseUrl) : undefined
  if (badAddress) reader.refuse('DATABASE_URL', badAddress)
  const secretKey = reader.raw('SECRET_KEY')
  if (secretKey && !/^[\da-f]{64}$/i.test(secretKey))
    reader.refuse('SECRET_KEY', 'must be 64 hexadecimal digits; make one with: openssl rand -hex 32')
  const vaultKeys = reader
    .raw('VAULT_KEYS')
    .split(',')
    .map(each => each.trim().toLowerCase())
    .filter(each => each !== '')
  if (
    vaultKeys.some(each => each !== OWN && !/^[\da-f]{64}$/.test(each)) ||
    vaultKeys.length > MOST_VAULT_KEYS
  )
    reader.refuse(
      'VAULT_KEYS',
      `must be at most ${MOST_VAULT_KEYS} keys of 64 hexadecimal digits, or the word ${OWN}, with commas between`,
    )
  return {
    databaseUrl,
    secretKey,
    vaultKeys,
    auditRetentionDays: reader.number('AUDIT_RETENTION_DAYS', 1, 36_500, 'days'),
    deliveryRetentionDays: reader.number('DELIVERY_RETENTION_DAYS', 1, 36_500, 'days'),
    dataDir: reader.raw('DATA_DIR'),
    connectorsDir: reader.raw('CONNECTORS_DIR'),
  }
}

/** How long things take, in milliseconds. */
const readTimes = (reader: Reader) => ({
  sendTimeout: reader.number('SEND_TIMEOUT', 500, 60_000, 'milliseconds'),
  drainTime: reader.number('DRAIN_TIME', 0, 600_000, 'milliseconds'),
  keepAlive: reader.number('KEEP_ALIVE_TIMEOUT', 1_000, 3_600_000, 'milliseconds'),
  refreshRetry: reader.number('REFRESH_RETRY_SECONDS', 3, 3_600, 'seconds') * 1000,
})

/** Where metrics are read, and who may; undefined where nothing is measured. */
function readMetrics(reader: Reader): Config['metrics'] {
  const [port, host, token] = [
    reader.raw('METRICS_PORT'),
    reader.raw('METRICS_HOST'),
    reader.raw('METRICS_TOKEN'),
  ]
  if (token && (token.length < 20 || bitsOf(token) < 64))
    reader.refuse('METRICS_TOKEN', 'can be guessed. Make one: openssl rand -base64 32')
  if (port && !token && !isLoopback(host))
    reader.refuse('METRICS_TOKEN', `is missing: others than this machine reach METRICS_PORT at ${host}`)
  if (!port && !token) return undefined
  return { ...(port && { port: reader.port('METRICS_PORT') }), host, ...(token && { token }) }
}

/** Where traces go, and which; undefined where nothing is traced. */
function readTraces(reader: Reader): Config['traces'] {
  const wanted = reader.raw('OTEL_TRACES_SAMPLER')
  const sampler = SAMPLERS.find(each => each === wanted)
  if (!sampler) reader.refuse('OTEL_TRACES_SAMPLER', `must be one of ${SAMPLERS.join(', ')}`)
  const share = reader.number('OTEL_TRACES_SAMPLER_ARG', 0, 1, 'share')
  const endpoint = reader.raw('OTEL_EXPORTER_OTLP_ENDPOINT')
  if (!endpoint || !sampler) return undefined
  if (!/^https?:$/.test(URL.parse(endpoint)?.protocol ?? ''))
    reader.refuse('OTEL_EXPORTER_OTLP_ENDPOINT', `must be an http(s) address such as http://127.0.0.1:4318`)
  return { endpoint, sampling: { sampler, share } }
}

/** The application that automation begins with; undefined when none is asked for. */
function readBootstrap(reader: Reader): Config['bootstrap'] {
  const [id, secret] = [reader.raw('BOOTSTRAP_CLIENT_ID'), reader.raw('BOOTSTRAP_CLIENT_SECRET')]
  if ((id === '') !== (secret === ''))
    reader.refuse(id ? 'BOOTSTRAP_CLIENT_SECRET' : 'BOOTSTRAP_CLIENT_ID', 'is missing; give both or neither')
  const problem = secret ? secretProblem(secret) : undefined
  if (problem) reader.refuse('BOOTSTRAP_CLIENT_SECRET', problem)
  if (id && !/^[\w-]{1,64}$/.test(id))
    reader.refuse('BOOTSTRAP_CLIENT_ID', 'must be 1 to 64 letters, digits, _ or -')
  return id && secret ? { id, secret } : undefined
}

/**
 * Reads the settings from an environment. Throws `ConfigError` that lists every bad setting at once, so that
 * one correction suffices. For example: `readConfig({ PORT: '8080' }).port` is 8080.
 */
export function readConfig(env: Environment): Config {
  const reader = new Reader(env)
  const places = readPlaces(reader)
  const wanted = reader.raw('LOG_LEVEL') || (places.clouds === 'simulated' ? 'warn' : 'info')
  const logLevel = LOG_LEVELS.find(level => level === wanted)
  if (!logLevel) reader.refuse('LOG_LEVEL', `must be one of ${LOG_LEVELS.join(', ')}`)
  const testIdentities = reader.choice('TEST_IDENTITIES', 'on', 'off')
  if (!testIdentities) reader.refuse('TEST_IDENTITIES', 'must be on or off')
  reader.flag('START_TRACE')
  const bootstrap = readBootstrap(reader)
  const metrics = readMetrics(reader)
  const traces = readTraces(reader)
  const statusApiKey = reader.raw('STATUS_API_KEY')
  const config: Config = {
    ...places,
    ...readStorage(reader),
    ...readTimes(reader),
    maxRequests: reader.number('MAX_REQUESTS', 10, 100_000, 'requests'),
    logLevel: logLevel ?? 'info',
    testIdentities: testIdentities === 'on',
    ...(metrics && { metrics }),
    ...(traces && { traces }),
    ...(statusApiKey && { statusApiKey }),
    ...(bootstrap && { bootstrap }),
  }
  const { problems } = reader
  if (problems.length > 0) throw new ConfigError(`The settings are not right:\n  ${problems.join('\n  ')}`)
  return config
}

/** Settings of which nothing may be printed. */
const SECRETS: readonly SettingName[] = [
  'SECRET_KEY',
  'STATUS_API_KEY',
  'METRICS_TOKEN',
  'BOOTSTRAP_CLIENT_SECRET',
]

/** Everything secret in an environment, in the spellings in which it may come up in errors. */
export function secretsOf(env: Record<string, string | undefined>): string[] {
  const values = SECRETS.map(name => env[name]?.trim() ?? '')
  const vaultKeys = (env.VAULT_KEYS ?? '').split(',').map(each => each.trim())
  return [
    ...values,
    ...vaultKeys.filter(each => each !== OWN),
    ...passwordsIn(env.DATABASE_URL?.trim() ?? ''),
  ].filter(Boolean)
}

/** Whether only this machine reaches what listens on an address. */
export const isLoopback = (host: string) => /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/i.test(host)

/** The settings for `--help` and the documents: name, default, sentence. */
export function describeConfig(): { name: string; default: string; help: string }[] {
  return Object.entries(SETTINGS).map(([name, { default: value, help }]) => ({ name, default: value, help }))
}
