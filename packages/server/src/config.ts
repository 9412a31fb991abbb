import { addressProblem, passwordsIn } from './db/address.ts'
import { readTrustProxy, type TrustProxy } from './http/proxies.ts'
import { secretProblem } from './secret-strength.ts'
import { StartError } from './start-error.ts'

/** Every setting once: its environment name, type, default and what it does. */
const SETTINGS = {
  PORT: { type: 'port', default: '3001', help: 'Public port: sign-in pages, OpenID Connect, API.' },
  ADMIN_PORT: { type: 'port', default: '3002', help: "The operators' console." },
  SIMULATORS_PORT: { type: 'port', default: '3003', help: 'Inbox and clouds of the development world.' },
  DEMO_PORT: {
    type: 'port',
    default: '',
    help: 'Demo application of the development world; SIMULATORS_PORT + 1 when empty.',
  },
  HOST: {
    type: 'text',
    default: '',
    help: 'Address where the public port listens; in the development world 127.0.0.1, else every address, when empty.',
  },
  ADMIN_HOST: {
    type: 'text',
    default: '127.0.0.1',
    help: 'Address where the console listens. Others than this machine reach it through a proxy with TLS, or at the address given here (0.0.0.0: every one).',
  },
  ENDPOINT: {
    type: 'url',
    default: '',
    help: 'Public address as browsers see it; http://localhost:PORT when empty.',
  },
  ADMIN_ENDPOINT: {
    type: 'url',
    default: '',
    help: "The console's address as browsers see it, from whose pages alone it takes changes; http://localhost:ADMIN_PORT when empty.",
  },
  CLOUDS: {
    type: 'clouds',
    default: 'simulated',
    help: '"simulated": messages are answered by the built-in simulators and stay on this machine. "real": they go to the clouds.',
  },
  DATABASE_URL: { type: 'text', default: '', help: 'postgres://… ; empty: a SQLite file in DATA_DIR.' },
  DATA_DIR: { type: 'text', default: './data', help: 'Folder for the SQLite file and the generated key.' },
  SECRET_KEY: {
    type: 'text',
    default: '',
    help: '64 hexadecimal digits (openssl rand -hex 32) that encrypt what is secret in the database; generated into DATA_DIR/secret.key when empty.',
  },
  TRUST_PROXY: {
    type: 'proxies',
    default: 'false',
    help: 'Whose X-Forwarded-For says the client address: "true" for one proxy before the server, the number of proxies in a row, or their networks (10.0.0.0/8,fd00::/8), which is safest; "false" for nobody. Only behind proxies that append to it.',
  },
  LOG_LEVEL: {
    type: 'level',
    default: '',
    help: 'What goes to the log, as JSON lines on standard error: "info", "warn", "error" or "silent". When empty: "warn" in the development world, else "info".',
  },
  CONNECTORS_DIR: {
    type: 'text',
    default: '',
    help: "Folder whose sub-directories are connector packages of Logto's contract, loaded at start; see docs/connector-packages.md.",
  },
  DRAIN_TIME: {
    type: 'milliseconds',
    default: '1000',
    help: 'How long the server still serves after SIGTERM while /api/health/ready says 503, in milliseconds; longer than the load balancer takes to notice',
  },
  KEEP_ALIVE_TIMEOUT: {
    type: 'milliseconds',
    default: '75000',
    help: 'How long an idle connection of a client is kept, in milliseconds; longer than load balancers keep theirs, which is mostly a minute.',
  },
  SEND_TIMEOUT: {
    type: 'milliseconds',
    default: '8000',
    help: 'How long one send may take, in milliseconds.',
  },
  WEBHOOK_ALLOW_PRIVATE: {
    type: 'flag',
    default: 'false',
    help: 'Let webhooks go to addresses of this machine and of private networks too; in the development world this machine is always allowed.',
  },
  REFRESH_RETRY_SECONDS: {
    type: 'seconds',
    default: '60',
    help: 'How long an application that lost the answer to a refresh may repeat it with the old refresh token, in seconds, 3 to 3600; while nobody has used the new one.',
  },
  BACKCHANNEL_ALLOW_PRIVATE: {
    type: 'flag',
    default: 'false',
    help: 'Let logout tokens (back-channel logout) go to applications on this machine and in private networks too; in the development world this machine is always allowed.',
  },
  AUDIT_RETENTION_DAYS: {
    type: 'days',
    default: '90',
    help: 'How long the audit log keeps what users, applications and operators did, in days.',
  },
  STATUS_API_KEY: {
    type: 'text',
    default: '',
    help: 'Who sends it to /api/status as the header logto-status-api-key is told the tenant; nobody when empty.',
  },
  TEST_IDENTITIES: {
    type: 'switch',
    default: 'off',
    help: '"on": numbers and addresses may have a fixed code until an end date, for app-store review and automatic tests; see docs/test-identities.md.',
  },
  START_TRACE: {
    type: 'flag',
    default: 'false',
    help: 'When a start fails, print where in the program, besides the cause.',
  },
  BOOTSTRAP_CLIENT_ID: {
    type: 'text',
    default: '',
    help: 'Id of a machine-to-machine application with full management scope, made at start.',
  },
  BOOTSTRAP_CLIENT_SECRET: {
    type: 'text',
    default: '',
    help: 'Its secret, 20 characters or more that nobody can guess (openssl rand -base64 32).',
  },
} as const

type SettingName = keyof typeof SETTINGS

const LOG_LEVELS = ['info', 'warn', 'error', 'silent'] as const

/** The least that is worth a line in the log. */
export type LogLevel = (typeof LOG_LEVELS)[number]

export interface Config {
  port: number
  adminPort: number
  simulatorsPort: number
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
  /** See `clientAddress`. */
  trustProxy: TrustProxy
  logLevel: LogLevel
  /** Empty for none. */
  connectorsDir: string
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
  /** Codes of test identities are fixed; else theirs are like all others. */
  testIdentities: boolean
  /** Absent when nobody is told more than that the server is there. */
  statusApiKey?: string
  bootstrap?: { id: string; secret: string }
}

/** What is wrong with the environment: one line per setting, each with its remedy. */
export class ConfigError extends StartError {
  override name = 'ConfigError'
}

/**
 * Reads the settings from an environment. Throws `ConfigError` that lists every bad setting at once, so that
 * one correction suffices.
 */
export function readConfig(env: Record<string, string | undefined>): Config {
  const problems: string[] = []
  const raw = (name: SettingName) => env[name]?.trim() || SETTINGS[name].default
  const refuse = (name: SettingName, remedy: string) => problems.push(`${name}: ${remedy}`)

  const port = (name: SettingName, fallback = 0): number => {
    const value = raw(name) === '' ? fallback : Number(raw(name))
    if (!Number.isInteger(value) || value < 0 || value > 65_535)
      refuse(name, 'must be a port number from 0 to 65535')
    return value
  }
  const origin = (name: SettingName, fallback: string): string => {
    const value = raw(name) || fallback
    if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol)) {
      refuse(name, `must be an http(s) address such as https://sign-in.example.com, not "${value}"`)
      return fallback
    }
    const url = new URL(value)
    if (url.pathname !== '/' || url.search || url.hash)
      refuse(
        name,
        `must have no path, query or fragment: it takes a host name of its own, such as https://sign-in.example.com, since cookies and the paths of OpenID Connect are the whole host's`,
      )
    return url.origin
  }

  const ports = { port: port('PORT'), adminPort: port('ADMIN_PORT'), simulatorsPort: port('SIMULATORS_PORT') }
  const clouds = raw('CLOUDS')
  if (clouds !== 'simulated' && clouds !== 'real') refuse('CLOUDS', 'must be "simulated" or "real"')
  const sendTimeout = Number(raw('SEND_TIMEOUT'))
  if (!(sendTimeout >= 500 && sendTimeout <= 60_000))
    refuse('SEND_TIMEOUT', 'must be 500 to 60000 (milliseconds)')
  const drainTime = Number(raw('DRAIN_TIME'))
  if (!(drainTime >= 0 && drainTime <= 600_000)) refuse('DRAIN_TIME', 'must be 0 to 600000 (milliseconds)')
  const refreshRetry = Number(raw('REFRESH_RETRY_SECONDS')) * 1000
  if (!(refreshRetry >= 3_000 && refreshRetry <= 3_600_000))
    refuse('REFRESH_RETRY_SECONDS', 'must be 3 to 3600 (seconds)')
  const keepAlive = Number(raw('KEEP_ALIVE_TIMEOUT'))
  if (!(keepAlive >= 1_000 && keepAlive <= 3_600_000))
    refuse('KEEP_ALIVE_TIMEOUT', 'must be 1000 to 3600000 (milliseconds)')
  const auditRetentionDays = Number(raw('AUDIT_RETENTION_DAYS'))
  if (!(Number.isInteger(auditRetentionDays) && auditRetentionDays >= 1 && auditRetentionDays <= 36_500))
    refuse('AUDIT_RETENTION_DAYS', 'must be 1 to 36500 (days)')
  const databaseUrl = raw('DATABASE_URL')
  const badAddress = databaseUrl ? addressProblem(databaseUrl) : undefined
  if (badAddress) refuse('DATABASE_URL', badAddress)
  const secretKey = raw('SECRET_KEY')
  if (secretKey && !/^[\da-f]{64}$/i.test(secretKey))
    refuse('SECRET_KEY', 'must be 64 hexadecimal digits; make one with: openssl rand -hex 32')
  const logLevel = LOG_LEVELS.find(
    level => level === (raw('LOG_LEVEL') || (clouds === 'simulated' ? 'warn' : 'info')),
  )
  if (!logLevel) refuse('LOG_LEVEL', `must be one of ${LOG_LEVELS.join(', ')}`)
  const flag = (name: SettingName): boolean => {
    const value = raw(name)
    if (value !== 'true' && value !== 'false') refuse(name, 'must be true or false')
    return value === 'true'
  }
  const trust = readTrustProxy(raw('TRUST_PROXY'))
  const trustProxy = typeof trust === 'string' ? 0 : trust
  if (typeof trust === 'string') refuse('TRUST_PROXY', trust)
  const webhookAllowPrivate = flag('WEBHOOK_ALLOW_PRIVATE')
  flag('START_TRACE')
  const backchannelAllowPrivate = flag('BACKCHANNEL_ALLOW_PRIVATE')

  const testIdentities = raw('TEST_IDENTITIES')
  if (testIdentities !== 'on' && testIdentities !== 'off') refuse('TEST_IDENTITIES', 'must be on or off')

  const bootstrap = { id: raw('BOOTSTRAP_CLIENT_ID'), secret: raw('BOOTSTRAP_CLIENT_SECRET') }
  if ((bootstrap.id === '') !== (bootstrap.secret === ''))
    refuse(
      bootstrap.id ? 'BOOTSTRAP_CLIENT_SECRET' : 'BOOTSTRAP_CLIENT_ID',
      'is missing; give both or neither',
    )
  const problem = bootstrap.secret ? secretProblem(bootstrap.secret) : undefined
  if (problem) refuse('BOOTSTRAP_CLIENT_SECRET', problem)
  if (bootstrap.id && !/^[\w-]{1,64}$/.test(bootstrap.id))
    refuse('BOOTSTRAP_CLIENT_ID', 'must be 1 to 64 letters, digits, _ or -')

  const config: Config = {
    ...ports,
    demoPort: port('DEMO_PORT', ports.simulatorsPort === 0 ? 0 : ports.simulatorsPort + 1),
    host: raw('HOST') || (clouds === 'simulated' ? '127.0.0.1' : ''),
    adminHost: raw('ADMIN_HOST'),
    endpoint: origin('ENDPOINT', `http://localhost:${ports.port}`),
    adminEndpoint: origin('ADMIN_ENDPOINT', `http://localhost:${ports.adminPort}`),
    clouds: clouds === 'real' ? 'real' : 'simulated',
    databaseUrl,
    dataDir: raw('DATA_DIR'),
    secretKey,
    trustProxy,
    connectorsDir: raw('CONNECTORS_DIR'),
    logLevel: logLevel ?? 'info',
    sendTimeout,
    drainTime,
    keepAlive,
    webhookAllowPrivate,
    backchannelAllowPrivate,
    refreshRetry,
    auditRetentionDays,
    testIdentities: testIdentities === 'on',
    ...(raw('STATUS_API_KEY') && { statusApiKey: raw('STATUS_API_KEY') }),
    ...(bootstrap.id && bootstrap.secret && { bootstrap }),
  }
  if (problems.length > 0) throw new ConfigError(`The settings are not right:\n  ${problems.join('\n  ')}`)
  return config
}

/** Settings of which nothing may be printed. */
const SECRETS: readonly SettingName[] = ['SECRET_KEY', 'STATUS_API_KEY', 'BOOTSTRAP_CLIENT_SECRET']

/** Everything secret in an environment, in the spellings in which it may come up in errors. */
export function secretsOf(env: Record<string, string | undefined>): string[] {
  const values = SECRETS.map(name => env[name]?.trim() ?? '')
  return [...values, ...passwordsIn(env.DATABASE_URL?.trim() ?? '')].filter(Boolean)
}

/** Whether only this machine reaches what listens on an address. */
export const isLoopback = (host: string) => /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/i.test(host)

/** The settings for `--help` and the documents: name, default, sentence. */
export function describeConfig(): { name: string; default: string; help: string }[] {
  return Object.entries(SETTINGS).map(([name, { default: value, help }]) => ({ name, default: value, help }))
}
